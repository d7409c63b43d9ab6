internal import BuiltinProcessors
internal import ProcessorHost
internal import Synchronization
internal import Testing

@Suite("Spans that wait while other rules come into force")
struct HiddenAgainTests {
  private static let secret = "hunter2"
  private let loose = Self.directory(#"return rule { about = "t", hide = { match.names { "other" } } }"#)
  /// Hides more, and would drop everything if its hook ran.
  private let tight = Self.directory(
    """
    return rule { about = "t", hide = { match.names { "secret" }, match.words { "rules", "digest" } }, can = { drop = { "all" } },
      on_span = function(span) span:drop("all") end }
    """)

  private static func directory(_ rule: String) -> RuleDirectory {
    RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: #"return chain { api = 1, "a" }"#),
      rules: [RuleSource(file: "a.lua", text: rule)])
  }

  private func makeHost(stamp: SpanProcessorHost.Configuration.Stamp = .scope) throws -> SpanProcessorHost {
    var configuration = SpanProcessorHost.Configuration(rules: loose)
    configuration.stamp = stamp
    return try SpanProcessorHost(configuration)
  }

  /// Spans with a secret, processed by the host as it is now.
  private func processed(_ names: [String], by host: SpanProcessorHost) async -> SpanBatch {
    let spans = names.map { SpanBytes.span($0, SpanBytes.attribute("secret", Self.secret)) }
    let resource = SpanBytes.attribute(1, "secret", Proto.string(1, Self.secret))
    return await host.process(Door().admit(SpanBytes.resource(resource, spans: spans)).takeBatch())
  }

  private func batch(_ names: [String], by host: SpanProcessorHost) async -> ExportBatch {
    ExportBatch(
      request: await processed(names, by: host).encoded(), spanCount: names.count, ruleSet: host.ruleSetNumber)
  }

  private func isShown(_ request: [UInt8]) -> Bool { request.contains(Self.secret) }

  @Test("are hidden by these, too, before the next attempt, with all else and the digest as they were")
  func retried() async throws {
    let host = try makeHost()
    let rig = DeliveryRig(hiding: host) { [tight] _, number in
      if number > 1 { return .exported }
      if number == 1 { _ = try? await host.replaceRules(with: tight) }
      return .retry("away")
    }
    let batch = await batch(["a", "b"], by: host)
    await rig.deliver(batch)
    #expect(rig.exporter.requests.map(isShown) == [true, true, false])
    #expect(rig.exporter.exported == ["a", "b"], "no hook ran")
    let expected = SpanBytes.resource(
      SpanBytes.attribute(1, "secret", Proto.string(1, "[REDACTED]")),
      spans: ["a", "b"].map { SpanBytes.span($0, SpanBytes.attribute("secret", "[REDACTED]")) })
    let stamped = RuleStamping.put(RuleStamp(digest: loose.digest))
    #expect(try PipelineRig([], stamping: stamped).process(expected) == rig.exporter.requests[2])
    #expect(host.spansHiddenAgain == 2)
  }

  @Test("an attribute of the stamp's name that a client has sent is hidden, where there are no stamps")
  func unstamped() async throws {
    let host = try makeHost(stamp: .off)
    let rig = DeliveryRig(hiding: host) { [tight] _, number in
      if number > 0 { return .exported }
      _ = try? await host.replaceRules(with: tight)
      return .retry("away")
    }
    let scope = Proto.bytes(1, SpanBytes.attribute(3, RuleStamp.key, Proto.string(1, Self.secret)))
    let request = Proto.bytes(1, Proto.bytes(2, scope + Proto.bytes(2, SpanBytes.span("a"))))
    await rig.deliver(ExportBatch(request: request, spanCount: 1, ruleSet: host.ruleSetNumber))
    #expect(rig.exporter.requests.map(isShown) == [true, false])
  }

  @Test("so are those that had not been tried, and the parts of a batch that is sent in parts")
  func waiting() async throws {
    let host = try makeHost()
    let rig = DeliveryRig(hiding: host) { [tight] _, number in
      if number > 0 { return .exported }
      _ = try? await host.replaceRules(with: tight)
      return .tooLarge("413")
    }
    await rig.deliver(await batch(["a", "b"], by: host), await batch(["c"], by: host))
    #expect(rig.exporter.requests.map(isShown) == [true, false, false, false])
    #expect(rig.exporter.exported == ["a", "b", "c"])
  }

  @Test("so are those in the batch under construction; how many there are is known")
  func gathered() async throws {
    let host = try makeHost()
    let clock = ManualClock()
    let exporter = ScriptedExporter(clock: clock) { _, number in number == 0 ? .retry("away") : .exported }
    let exporters = ExportQueue(
      exporter, isRequired: true, limits: ExportQueue.Limits(concurrency: 1, exportTimeout: .seconds(10_000)),
      hiding: host, clock: clock)
    let queue = SpanQueue([exporters], limits: SpanQueue.Limits(batchSize: 3), clock: clock)
    func add(_ names: [String]) async {
      let batch = await processed(names, by: host)
      guard let reservation = queue.reserve(spans: 0, bytes: 0) else { return }
      queue.add(batch, ruleSet: host.ruleSetNumber, for: reservation)
    }
    let running = Task { await queue.run() }
    await add(["a", "b", "c"])
    await eventually { exporter.attempts.count == 1 }
    await add(["d", "e", "f", "g"])
    try await host.replaceRules(with: tight)
    #expect(queue.spans(hiddenBefore: RuleSetNumber(1)) == 0)
    #expect(queue.spans(hiddenBefore: RuleSetNumber(2)) == 7)
    queue.close()
    let ticking = Task { await clock.run(sleepsUpTo: .seconds(400)) }
    await running.value
    ticking.cancel()
    #expect(exporter.exported == ["a", "b", "c", "d", "e", "f", "g"])
    #expect(exporter.requests.map(isShown) == [true, false, false, false])
    #expect(queue.spans(hiddenBefore: RuleSetNumber(2)) == 0)
  }

  @Test("the room that they take up is that of what they have become")
  func bytes() async throws {
    let host = try makeHost()
    let seen = Mutex<[Int]>([])
    let queue = Mutex<ExportQueue?>(nil)
    let rig = DeliveryRig(hiding: host) { [tight] _, number in
      let bytes = queue.withLock { $0?.account.insideBytes ?? 0 }
      seen.withLock { $0.append(bytes) }
      if number == 0 { _ = try? await host.replaceRules(with: tight) }
      return number < 2 ? .retry("away") : .exported
    }
    queue.withLock { $0 = rig.queue }
    await rig.deliver(await batch(["a", "b"], by: host))
    queue.withLock { $0 = nil }
    #expect(seen.withLock { $0 } == rig.exporter.requests.map(\.count))
    #expect(rig.exporter.requests[0].count != rig.exporter.requests[1].count)
  }

  @Test("each batch is hidden once for each set, whatever the number of attempts and exporters")
  func once() async {
    let hiding = FakeHiding { ExportBatch(request: $0.request, spanCount: $0.spanCount, hiddenUnder: $1) }
    let clock = ManualClock()
    let exporters = ["one", "two"].map { name in
      ScriptedExporter(name, clock: clock) { _, number in
        hiding.next(upTo: 3)
        return number < 5 ? .retry("away") : .exported
      }
    }
    let queue = SpanQueue(
      exporters.map { ExportQueue($0, isRequired: true, hiding: hiding, clock: clock) },
      limits: SpanQueue.Limits(batchSize: 4), clock: clock)
    let running = Task { await queue.run() }
    if let reservation = queue.reserve(spans: 8, bytes: 1) {
      queue.add(Door().admit(NamedSpans.request(0..<8)).takeBatch(), ruleSet: RuleSetNumber(1), for: reservation)
    }
    let ticking = Task { await clock.run(sleepsUpTo: .seconds(400)) }
    await eventually { exporters.allSatisfy { $0.exported.count == 8 } }
    queue.close()
    await running.value
    ticking.cancel()
    // Two batches, and at most one hiding of each for each of the two sets that came.
    #expect(hiding.calls >= 2 && hiding.calls <= 4)
  }

  @Test("what cannot be hidden again does not leave, is counted, and costs no other batch")
  func failing() async {
    let hiding = FakeHiding { batch, number in
      batch.spanCount == 3 ? nil : ExportBatch(request: batch.request, spanCount: batch.spanCount, hiddenUnder: number)
    }
    hiding.next(upTo: 1)
    let rig = DeliveryRig(hiding: hiding) { _, _ in .exported }
    await rig.deliver(NamedSpans.batch(0..<3), NamedSpans.batch(3..<5))
    #expect(rig.exporter.exported == ["s3", "s4"] && rig.queue.account.attempts == 1)
    #expect(rig.queue.account.lost == [.unhidden: 3] && rig.observer.lost == [.unhidden: 3])
  }

  @Test("a batch of which nobody has said who hid it is hidden before it leaves")
  func unknown() async throws {
    let host = try SpanProcessorHost(.init(rules: tight))
    let rig = DeliveryRig(hiding: host) { _, _ in .exported }
    let request = SpanBytes.resource([], spans: [SpanBytes.span("a", SpanBytes.attribute("secret", Self.secret))])
    await rig.deliver(ExportBatch(request: request, spanCount: 1))
    #expect(rig.exporter.exported == ["a"] && !isShown(rig.exporter.requests[0]))
  }

  @Test("bytes that are no spans, or not as many as they should be, are not hidden")
  func unreadable() async throws {
    let host = try makeHost()
    let good = await batch(["a"], by: host)
    try await host.replaceRules(with: tight)
    for batch in [
      ExportBatch(request: Array("no request".utf8), spanCount: 1), ExportBatch(request: good.request, spanCount: 2),
    ] {
      #expect(await host.hideAgain(batch) == nil)
    }
    let hidden = await host.hideAgain(good)
    #expect(hidden?.ruleSet == RuleSetNumber(1) && hidden?.hiddenUnder == RuleSetNumber(2))
  }
}

/// Hides as a test tells it to.
private final class FakeHiding: QueuedSpanHiding {
  private let state = Mutex((number: 0, calls: 0))
  private let hide: @Sendable (ExportBatch, RuleSetNumber) -> ExportBatch?

  init(_ hide: @escaping @Sendable (ExportBatch, RuleSetNumber) -> ExportBatch?) { self.hide = hide }

  var ruleSetNumber: RuleSetNumber { RuleSetNumber(state.withLock { $0.number }) }
  var calls: Int { state.withLock { $0.calls } }

  /// Another set comes into force.
  func next(upTo last: Int) { state.withLock { $0.number = min($0.number + 1, last) } }

  func hideAgain(_ batch: ExportBatch) async -> ExportBatch? {
    state.withLock { $0.calls += 1 }
    return hide(batch, ruleSetNumber)
  }
}
