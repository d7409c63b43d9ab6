internal import ProcessorHost
internal import Synchronization
internal import Testing

@Suite("The time in which a set is tried")
struct ProbationTests {
  private static func figures(spans: Int, failures: Int = 0) -> RuleSetFigures {
    var figures = RuleSetFigures()
    figures.spans = spans
    if failures > 0 { figures.failures = ["tag.lua:4: a call failed": failures] }
    return figures
  }

  @Test("only time in which spans came counts")
  func timeWithSpans() {
    var probation = Probation(.seconds(3), before: nil)
    #expect(probation.look(at: Self.figures(spans: 1), after: .seconds(1)) == .goesOn)
    for _ in 0..<100 {
      #expect(probation.look(at: Self.figures(spans: 1), after: .seconds(1)) == .goesOn)
    }
    #expect(probation.look(at: Self.figures(spans: 2), after: .seconds(1)) == .goesOn)
    #expect(probation.look(at: Self.figures(spans: 3), after: .seconds(1)) == .passed)
  }

  @Test("a host that was stopped for an hour has not tried anything for an hour")
  func longLook() {
    var probation = Probation(.seconds(60), before: nil)
    #expect(probation.look(at: Self.figures(spans: 1), after: .seconds(3600)) == .goesOn)
  }

  @Test("a fault ends it, at the last look too")
  func fault() {
    var probation = Probation(.seconds(1), before: Self.figures(spans: 10_000))
    let verdict = probation.look(at: Self.figures(spans: 1000, failures: 500), after: .seconds(1))
    guard case .failed(let fault) = verdict else {
      Issue.record("it was \(verdict)")
      return
    }
    #expect(fault.kind == .failures && fault.message.contains("500 failures in 1000 spans, before 0 in 10000"))
  }

  @Test("the watch looks twice a second, until spans have come for long enough")
  func watch() async {
    let clock = SteppedClock()
    let looks = Mutex(0)
    let verdict = await ProbationWatch(clock: clock).run(Probation(.seconds(5), before: nil)) {
      Self.figures(
        spans: looks.withLock { looks in
          looks += 1
          return looks
        })
    }
    #expect(verdict == .passed)
    #expect(looks.withLock { $0 } == 10 && clock.elapsed == .seconds(5))
  }

  @Test("the watch ends when another set runs, and when it is cancelled")
  func ended() async {
    let clock = SteppedClock()
    #expect(await ProbationWatch(clock: clock).run(Probation(.seconds(5), before: nil)) { nil } == nil)
    let task = Task {
      await ProbationWatch(clock: clock).run(Probation(.seconds(5), before: nil)) { Self.figures(spans: 0) }
    }
    task.cancel()
    #expect(await task.value == nil)
  }
}

/// A clock on which whoever sleeps wakes at once, and that much later.
private final class SteppedClock: Clock {
  struct Instant: InstantProtocol {
    var offset: Duration

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let time = Mutex(Duration.zero)

  var elapsed: Duration { time.withLock { $0 } }
  var now: Instant { Instant(offset: elapsed) }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    await Task.yield()
    time.withLock { $0 = max($0, deadline.offset) }
  }
}
