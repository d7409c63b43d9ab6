internal import ProcessorHost
internal import Synchronization
internal import Testing

@Suite("Delivery of a batch")
struct DeliveryTests {
  @Test("waits grow from five seconds to thirty, half of each left to chance")
  func backoff() async {
    let rig = DeliveryRig { _, number in number < 7 ? .retry("busy") : .exported }
    await rig.deliver(NamedSpans.batch(0..<3))
    let waits = rig.waits
    #expect(waits.count == 7)
    for (wait, interval) in zip(waits, [5, 10, 20, 30, 30, 30, 30]) {
      #expect(wait >= .seconds(interval) / 2 && wait <= .seconds(interval))
    }
    #expect(rig.queue.account.exported == 3 && rig.queue.account.attempts == 8)
  }

  @Test("what the backend asks for is waited for whole, even beyond the longest interval")
  func askedWait() async {
    let rig = DeliveryRig { _, number in number < 3 ? .retry("busy", after: .seconds(40)) : .exported }
    await rig.deliver(NamedSpans.batch(0..<3))
    #expect(rig.waits.count == 3)
    for wait in rig.waits { #expect(wait >= .seconds(40) && wait <= .seconds(44)) }
  }

  @Test("a backend that asks for no time is not asked again and again", arguments: [Duration.zero, .seconds(-5)])
  func noTime(asked: Duration) async {
    let rig = DeliveryRig { _, number in number < 5 ? .retry("busy", after: asked) : .exported }
    await rig.deliver(NamedSpans.batch(0..<3))
    #expect(rig.waits.count == 5)
    for wait in rig.waits { #expect(wait >= .milliseconds(500)) }
  }

  @Test("after five minutes a batch is lost, and counted")
  func exhausted() async throws {
    let rig = DeliveryRig { _, _ in .retry("busy") }
    await rig.deliver(NamedSpans.batch(0..<3))
    let last = try #require(rig.exporter.attempts.last)
    #expect(last.time <= .seconds(300) && last.time > .seconds(240))
    #expect(rig.queue.account.lost == [.retriesExhausted: 3] && rig.observer.lost == [.retriesExhausted: 3])
  }

  @Test("a wait that would end too late is not begun")
  func tooLate() async {
    let rig = DeliveryRig { _, _ in .retry("busy", after: .seconds(301)) }
    await rig.deliver(NamedSpans.batch(0..<3))
    #expect(rig.exporter.attempts.count == 1 && rig.clock.elapsed == .zero)
    #expect(rig.queue.account.lost == [.retriesExhausted: 3])
  }

  @Test("spans without an answer are uncertain until an attempt settles them")
  func uncertain() async {
    let seen = Mutex<[Int]>([])
    let queue = Mutex<ExportQueue?>(nil)
    let rig = DeliveryRig { _, number in
      let uncertain = queue.withLock { $0?.account.uncertain ?? -1 }
      seen.withLock { $0.append(uncertain) }
      return number == 0 ? .uncertain("cut") : number == 1 ? .retry("busy") : .exported
    }
    queue.withLock { $0 = rig.queue }
    await rig.deliver(NamedSpans.batch(0..<3))
    queue.withLock { $0 = nil }
    #expect(seen.withLock { $0 } == [0, 3, 3], "before each attempt")
    #expect(rig.queue.account.uncertain == 0 && rig.queue.account.exported == 3)
  }

  @Test("spans that are given up without an answer are lost as such")
  func unanswered() async {
    let rig = DeliveryRig { _, number in number == 1 ? .uncertain("cut") : .retry("busy") }
    await rig.deliver(NamedSpans.batch(0..<3))
    #expect(rig.queue.account.lost == [.unanswered: 3] && rig.queue.account.uncertain == 0)
  }

  @Test("an attempt ends at its timeout, and the batch is tried again")
  func timeout() async {
    let rig = DeliveryRig(exportTimeout: .seconds(30)) { _, number in
      if number > 0 { return .exported }
      try? await Task.sleep(for: .seconds(3600))
      return .uncertain("cancelled")
    }
    await rig.deliver(NamedSpans.batch(0..<3))
    #expect(rig.exporter.attempts.count == 2 && rig.exporter.attempts[1].time >= .seconds(30))
    #expect(rig.observer.outcomes == [.uncertain("cancelled"), .exported])
  }

  @Test(
    "an outcome that settles a batch settles its account",
    arguments: [
      (ExportOutcome.exported, 4, 0), (.partial(rejected: 1, message: "m"), 3, 1),
      (.partial(rejected: 0, message: "m"), 4, 0), (.partial(rejected: 99, message: "m"), 0, 4),
      (.partial(rejected: -1, message: "m"), 4, 0), (.refused("m"), 0, 4),
    ])
  func settled(outcome: ExportOutcome, exported: Int, refused: Int) async {
    let rig = DeliveryRig { _, _ in outcome }
    await rig.deliver(NamedSpans.batch(0..<4))
    #expect(rig.queue.account.exported == exported && rig.queue.account.refused == refused)
    #expect(rig.queue.account.attempts == 1)
    #expect(rig.observer.refused == (refused > 0 ? ["m": refused] : [:]))
  }

  @Test("a batch that is too large is halved until it is not, in order and nothing twice")
  func halved() async {
    let rig = DeliveryRig { names, _ in names.count > 100 ? .tooLarge("413") : .exported }
    await rig.deliver(NamedSpans.batch(0..<512))
    #expect(rig.exporter.exported == NamedSpans.names(0..<512))
    #expect(rig.exporter.attempts.map(\.names.count).filter { $0 <= 100 } == [Int](repeating: 64, count: 8))
  }

  @Test("a span that is too large by itself is refused, and no other")
  func tooLargeSpan() async {
    let rig = DeliveryRig { names, _ in names.contains("s5") ? .tooLarge("413") : .exported }
    await rig.deliver(NamedSpans.batch(0..<20))
    #expect(rig.exporter.exported == NamedSpans.names(0..<20).filter { $0 != "s5" })
    #expect(rig.observer.refused == ["413": 1])
  }

  @Test(
    "spans that are refused for good are found, and cost no other",
    arguments: [
      [0], [511], [100], [0, 511], [7, 8], [255, 256],
    ])
  func bisected(bad: [Int]) async {
    let names = Set(bad.map { "s\($0)" })
    let rig = DeliveryRig { tried, _ in names.isDisjoint(with: tried) ? .exported : .invalid("400") }
    await rig.deliver(NamedSpans.batch(0..<512))
    #expect(rig.exporter.exported == NamedSpans.names(0..<512).filter { !names.contains($0) })
    #expect(rig.queue.account.refused == bad.count && rig.clock.elapsed == .zero)
    #expect(rig.exporter.attempts.count <= 40)
  }

  @Test("a backend that refuses everything is not asked once for each span")
  func allRefused() async {
    let rig = DeliveryRig { _, _ in .invalid("400") }
    await rig.deliver(NamedSpans.batch(0..<512))
    #expect(rig.queue.account.refused == 512 && rig.exporter.attempts.count <= 60)
  }

  @Test("a part waits and is tried again by itself")
  func partRetried() async {
    let rig = DeliveryRig { names, number in
      if names.count == 4 { return .tooLarge("413") }
      return number == 1 ? .retry("busy") : .exported
    }
    await rig.deliver(NamedSpans.batch(0..<4))
    #expect(
      rig.exporter.attempts.map(\.names) == [["s0", "s1", "s2", "s3"], ["s0", "s1"], ["s0", "s1"], ["s2", "s3"]])
    #expect(rig.queue.account.exported == 4)
  }

  @Test("the least and the most of a wait are as the policy says", arguments: 1...8)
  func policy(attempt: Int) throws {
    let policy = RetryPolicy(
      initialInterval: .seconds(1), multiplier: 3, maximumInterval: .seconds(50), maximumElapsed: .seconds(100))
    let interval = Duration.seconds([1, 3, 9, 27, 50, 50, 50, 50][attempt - 1])
    let wait = { policy.wait(afterAttempt: attempt, elapsed: .seconds(10), asked: nil, random: $0) }
    #expect(wait(0) == interval / 2)
    #expect(try #require(wait(0.999)) <= interval)
    #expect(policy.wait(afterAttempt: 10_000_000, elapsed: .zero, asked: nil, random: 0) == .seconds(25))
    #expect(policy.wait(afterAttempt: 1, elapsed: .seconds(100), asked: nil, random: 0) == nil)
  }
}
