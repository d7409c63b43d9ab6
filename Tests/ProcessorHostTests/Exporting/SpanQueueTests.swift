internal import ProcessorHost
internal import Testing

@Suite("Queue of spans")
struct SpanQueueTests {
  @Test(
    "a batch leaves when it is full, and is never larger", arguments: [[512], [1, 511], [300, 300], [2000], [513]])
  func batchSizes(requests: [Int]) async {
    let rig = SpanQueueRig()
    await rig.run { rig.add(requests) }
    let sizes = rig.exporter.attempts.map(\.names.count)
    #expect(sizes.allSatisfy { $0 <= 512 } && sizes.dropLast().allSatisfy { $0 == 512 })
    #expect(rig.exporter.exported == NamedSpans.names(0..<requests.reduce(0, +)))
  }

  @Test("a batch that is not full leaves when the delay is over")
  func delay() async {
    let rig = SpanQueueRig()
    await rig.run {
      rig.add([3])
      await rig.clock.waitForSleepers(1)
      rig.clock.advance(by: .milliseconds(4999))
      for _ in 0..<100 { await Task.yield() }
      #expect(rig.exporter.attempts.isEmpty && rig.queue.gathered.spans == 3)
      rig.clock.advance(by: .milliseconds(1))
      await eventually { !rig.exporter.exported.isEmpty }
      #expect(rig.queue.gathered.spans == 0 && rig.queue.gathered.bytes == 0)
    }
    #expect(rig.exporter.exported == NamedSpans.names(0..<3))
  }

  @Test("a batch never mixes rule sets")
  func ruleSets() async {
    let rig = SpanQueueRig()
    await rig.run {
      rig.add([10], ruleSet: 1)
      rig.add([10], from: 10, ruleSet: 2)
      rig.add([10], from: 20, ruleSet: 2)
      rig.add([10], from: 30, ruleSet: 1)
    }
    #expect(rig.exporter.attempts.map(\.names.count) == [10, 20, 10])
    #expect(rig.exporter.exported == NamedSpans.names(0..<40))
  }

  @Test("all spans leave as the bytes they came in, whatever the sizes of requests and batches", arguments: 0..<8)
  func bytes(seed: UInt64) async {
    var random = FixedRandom(state: 500 + seed)
    var maker = RandomRequest(seed: 500 + seed)
    let rig = SpanQueueRig(batchSize: Int.random(in: 1...9, using: &random))
    let requests = (0..<40).map { _ in AdmittedRequest(maker.request()).bytes }
    await rig.run {
      for request in requests {
        guard let reservation = rig.queue.reserve(spans: 1, bytes: 1) else { continue }
        rig.queue.add(Door().admit(request).takeBatch(), for: reservation)
      }
    }
    let came = requests.flatMap { [PlainSpan](request: $0) }
    let left = rig.exporter.requests.map(AdmittedRequest.init)
    #expect(came.count > 40 && left.allSatisfy(\.isClean))
    #expect(rig.exporter.requests.flatMap { [PlainSpan](request: $0) } == came, "with their resources and scopes")
    #expect(left.flatMap(\.spans) == requests.flatMap { AdmittedRequest($0).spans }, "byte by byte")
  }

  @Test("a request that comes alone leaves byte for byte")
  func identity() async {
    let rig = SpanQueueRig()
    await rig.run { rig.add([100]) }
    #expect(rig.exporter.requests == [NamedSpans.request(0..<100)])
  }

  @Test("one request may overshoot the limit, the next is not admitted until it has given its room back")
  func overshoot() {
    let rig = SpanQueueRig()
    guard let large = rig.queue.reserve(spans: 8192, bytes: 10) else {
      Issue.record("no room in an empty queue")
      return
    }
    #expect(rig.queue.isFull && !rig.hasRoom)
    rig.queue.release(large)
    #expect(!rig.queue.isFull && rig.hasRoom)
  }

  @Test("bytes count as spans do")
  func byteLimit() {
    let rig = SpanQueueRig(bytes: 100)
    guard let first = rig.queue.reserve(spans: 1, bytes: 99), rig.hasRoom,
      let second = rig.queue.reserve(spans: 1, bytes: 1)
    else {
      Issue.record("no room below the limit")
      return
    }
    #expect(!rig.hasRoom)
    rig.queue.release(first)
    #expect(rig.hasRoom)
    rig.queue.release(second)
  }

  @Test("what waits for a required exporter counts, and for another does not", arguments: [true, false])
  func requiredExporter(isRequired: Bool) async throws {
    let rig = SpanQueueRig(isRequired: isRequired) { _, _ in .retry("busy") }
    let running = Task { await rig.queue.run() }
    rig.add([2048])
    // All of it has left the batch under construction, and nothing has been taken by the backend.
    #expect(rig.queue.gathered.spans == 0 && rig.exportQueue.account.inside == 2048)
    #expect(rig.queue.isFull == isRequired)
    #expect(rig.hasRoom != isRequired)
    running.cancel()
    await running.value
    #expect(rig.exportQueue.account.lost == [.shutdown: 2048])
  }

  @Test("closing sends what is gathered; what comes later is lost, and counted")
  func closing() async {
    let rig = SpanQueueRig()
    await rig.run { rig.add([5]) }
    #expect(rig.exporter.exported == NamedSpans.names(0..<5) && rig.exporter.wasShutDown)
    rig.add([3])
    #expect(rig.queue.accounts["scripted"]?.lost == [.shutdown: 3])
    #expect(rig.queue.gathered.spans == 0)
  }

  @Test("after a cancellation nothing stays behind uncounted")
  func cancellation() async {
    let rig = SpanQueueRig()
    let running = Task { await rig.queue.run() }
    rig.add([5])
    running.cancel()
    await running.value
    rig.add([3])
    let account = rig.exportQueue.account
    #expect(account.received == 8 && account.inside == 0 && account.isBalanced && rig.queue.gathered.spans == 0)
  }

  @Test("every exporter gets every span, and one that is slow holds up no other")
  func severalExporters() async {
    let clock = ManualClock()
    let fast = ScriptedExporter("fast", clock: clock) { _, _ in .exported }
    let stuck = ScriptedExporter("stuck", clock: clock) { _, _ in
      try? await Task.sleep(for: .seconds(3600))
      return .retry("cancelled")
    }
    let queue = SpanQueue(
      [fast, stuck].map { ExportQueue($0, isRequired: $0.name == "fast", clock: clock) },
      limits: SpanQueue.Limits(batchSize: 10), clock: clock)
    let running = Task { await queue.run() }
    if let reservation = queue.reserve(spans: 100, bytes: 1) {
      queue.add(Door().admit(NamedSpans.request(0..<100)).takeBatch(), for: reservation)
    }
    await eventually { fast.exported.count >= 100 }
    #expect(queue.accounts["stuck"]?.inside == 100)
    running.cancel()
    await running.value
    #expect(queue.accounts["fast"]?.exported == 100 && queue.accounts["stuck"]?.lost == [.shutdown: 100])
  }

  @Test("many tasks at once lose no span, and give back all the room they took")
  func concurrent() async {
    let rig = SpanQueueRig(batchSize: 7)
    await rig.run {
      await withTaskGroup(of: Void.self) { group in
        for task in 0..<8 {
          group.addTask {
            for index in 0..<40 {
              rig.add([5], from: (task * 40 + index) * 5)
              #expect(rig.exportQueue.account.isBalanced)
              await Task.yield()
            }
          }
        }
      }
    }
    #expect(Set(rig.exporter.exported) == Set(NamedSpans.names(0..<1600)) && rig.exporter.exported.count == 1600)
    #expect(rig.exporter.attempts.allSatisfy { $0.names.count <= 7 })
    #expect(rig.exportQueue.account.exported == 1600 && rig.exportQueue.account.isBalanced)
    #expect(!rig.queue.isFull)
  }
}

/// A queue with one exporter, on a clock of its own.
struct SpanQueueRig {
  let clock = ManualClock()
  let exporter: ScriptedExporter
  let exportQueue: ExportQueue
  let queue: SpanQueue

  init(
    batchSize: Int = 512, bytes: Int = 64 << 20, isRequired: Bool = true,
    _ script: @escaping ScriptedExporter.Script = { _, _ in .exported }
  ) {
    exporter = ScriptedExporter(clock: clock, script)
    // One at a time, so that batches arrive in their order.
    exportQueue = ExportQueue(
      exporter, isRequired: isRequired,
      limits: ExportQueue.Limits(concurrency: 1, exportTimeout: .seconds(10_000)), clock: clock)
    queue = SpanQueue([exportQueue], limits: SpanQueue.Limits(batchSize: batchSize, bytes: bytes), clock: clock)
  }

  /// Whether one more span would be admitted.
  var hasRoom: Bool {
    guard let reservation = queue.reserve(spans: 1, bytes: 1) else { return false }
    queue.release(reservation)
    return true
  }

  /// Adds requests of these many spans, numbered one after the other.
  func add(_ counts: [Int], from first: Int = 0, ruleSet: Int = 0) {
    var start = first
    for count in counts {
      // Room is not what these tests are about: a span that has none would not be sent at all.
      guard let reservation = queue.reserve(spans: 0, bytes: 0) else {
        Issue.record("no room")
        return
      }
      let batch = Door().admit(NamedSpans.request(start..<start + count)).takeBatch()
      queue.add(batch, ruleSet: RuleSetNumber(ruleSet), for: reservation)
      start += count
    }
  }

  /// Runs the queue until `body` returns and everything has been sent.
  func run(_ body: () async -> Void) async {
    let running = Task { await queue.run() }
    await body()
    queue.close()
    await running.value
  }
}
