internal import ProcessorHost
internal import Testing

@Suite("The figures of a set beside those of the one before")
struct ProbationJudgeTests {
  private static func figures(
    spans: Int, failures: Int = 0, skipped: Int = 0, bytesOfSpan: Int = 1000, steps: Int = 40,
    time: Duration = .microseconds(5), timesOpened: Int = 0
  ) -> RuleSetFigures {
    var figures = RuleSetFigures()
    figures.spans = spans
    figures.bytes = spans * bytesOfSpan
    figures.processorTime = time * spans
    figures.timedSpans = spans
    if failures > 0 { figures.failures = ["tag.lua:4: a call failed": failures] }
    figures.skipped = skipped
    figures.rules["tag"] = .init(calls: spans, steps: spans * steps, timesOpened: timesOpened)
    return figures
  }

  private func kind(_ set: RuleSetFigures, after before: RuleSetFigures?) -> ProbationFault.Kind? {
    ProbationJudge.fault(of: set, after: before)?.kind
  }

  @Test("a set that does what the one before did is fine")
  func same() {
    let set = Self.figures(spans: 10_000, failures: 100)
    #expect(kind(set, after: set) == nil)
    #expect(kind(RuleSetFigures(), after: nil) == nil)
    #expect(kind(RuleSetFigures(), after: set) == nil && kind(set, after: Self.figures(spans: 1_000_000)) != nil)
  }

  @Test("processor time that was measured on few spans, or on none, says nothing")
  func untimed() {
    var set = Self.figures(spans: 10_000, time: .microseconds(80))
    var before = Self.figures(spans: 10_000)
    #expect(kind(set, after: before) == .cost)
    (before.processorTime, before.timedSpans) = (.zero, 0)
    #expect(kind(set, after: before) == nil)
    (before.processorTime, before.timedSpans) = (.microseconds(5) * 256, 256)
    #expect(kind(set, after: before) == .cost)
    (set.processorTime, set.timedSpans) = (.microseconds(80) * 255, 255)
    #expect(kind(set, after: before) == nil)
  }

  @Test("a breaker that opens is a fault, unless that rule's opened before")
  func breaker() {
    let opened = Self.figures(spans: 70, failures: 64, timesOpened: 1)
    let fault = ProbationJudge.fault(of: opened, after: Self.figures(spans: 100_000))
    #expect(fault?.kind == .breaker && fault?.message.contains("tag failed on 64 spans") == true)
    #expect(fault?.message.contains("tag.lua:4") == true)
    #expect(kind(opened, after: nil) == .breaker)
    let often = Self.figures(spans: 100_000, failures: 60_000, timesOpened: 3)
    #expect(kind(opened, after: often) == nil)
    var other = often
    other.rules["other"] = .init(calls: 70, timesOpened: 1)
    #expect(kind(other, after: often) == .breaker)
  }

  @Test(
    "failures are a fault where there are significantly more than before",
    arguments: [
      // What failed, in how many spans; the same before; whether that is a fault.
      (10, 1000, 0, 100_000, true),
      (9, 1000, 0, 100_000, false),
      (10, 10_001, 0, 1_000_000, false),
      (100, 1000, 0, 1000, true),
      (110, 1000, 100, 1000, false),
      (150, 1000, 100, 1000, false),
      (400, 1000, 100, 1000, true),
      (1200, 10_000, 10_000, 100_000, false),
      (1450, 10_000, 10_000, 100_000, false),
      (1550, 10_000, 10_000, 100_000, true),
      (19, 1000, 0, 2, false),
      (40, 1000, 0, 2, true),
    ])
  func failures(_ failed: Int, _ spans: Int, _ failedBefore: Int, _ before: Int, _ isFault: Bool) {
    let set = Self.figures(spans: spans, failures: failed)
    let old = Self.figures(spans: before, failures: failedBefore)
    #expect(kind(set, after: old) == (isFault ? .failures : nil))
    // A call that is left out because the rule failed before is one that failed.
    let skipping = Self.figures(spans: spans, failures: failed - 5, skipped: 5)
    #expect(kind(skipping, after: old) == (isFault ? .failures : nil))
  }

  @Test("failures at a constant rate are no fault, whatever chance makes of them")
  func chance() {
    var random = Xorshift(state: 20_260_711)
    for percent in [1, 5, 30] {
      for _ in 0..<20 {
        let old = (0..<2000).count { _ in random.next() % 100 < percent }
        var failed = 0
        for spans in 1...2000 {
          if random.next() % 100 < percent { failed += 1 }
          // As often as a probation is looked at.
          guard spans % 20 == 0 else { continue }
          let set = Self.figures(spans: spans, failures: failed)
          #expect(kind(set, after: Self.figures(spans: 2000, failures: old)) == nil)
        }
      }
    }
  }

  @Test("a rule that costs ten times as much is a fault, by its steps")
  func stepsOfRule() {
    let before = Self.figures(spans: 1000, steps: 200)
    let fault = ProbationJudge.fault(of: Self.figures(spans: 256, steps: 2000), after: before)
    #expect(fault?.kind == .cost && fault?.message == "tag takes 2000 steps a call, before 200")
    #expect(kind(Self.figures(spans: 255, steps: 2000), after: before) == nil, "too few calls")
    #expect(kind(Self.figures(spans: 256, steps: 2000), after: Self.figures(spans: 255, steps: 200)) == nil)
    #expect(kind(Self.figures(spans: 9000, steps: 900), after: before) == nil, "less than five times")
    #expect(kind(Self.figures(spans: 9000, steps: 800), after: Self.figures(spans: 9000, steps: 40)) == nil, "little")
    // Of spans that are ten times as large it is no wonder.
    #expect(kind(Self.figures(spans: 9000, bytesOfSpan: 10_000, steps: 2000), after: before) == nil)
    #expect(kind(Self.figures(spans: 9000, bytesOfSpan: 100, steps: 2000), after: before) == .cost)
  }

  @Test("a new rule may cost something, and not a fifth of what is allowed at all")
  func newRule() {
    let before = Self.figures(spans: 2000)
    var set = before
    set.rules["new"] = .init(calls: 2000, steps: 2000 * 5000)
    #expect(kind(set, after: before) == nil)
    set.rules["new"] = .init(calls: 2000, steps: 2000 * 25_000)
    #expect(kind(set, after: before) == .cost)
    // Nothing to compare with.
    #expect(kind(set, after: Self.figures(spans: 999)) == nil && kind(set, after: nil) == nil)
  }

  @Test("processor time that steps do not count is a fault where it is many times as much, and not next to nothing")
  func time() {
    let before = Self.figures(spans: 2000)
    #expect(kind(Self.figures(spans: 1000, time: .microseconds(60)), after: before) == .cost)
    #expect(kind(Self.figures(spans: 999, time: .microseconds(60)), after: before) == nil)
    #expect(kind(Self.figures(spans: 1000, time: .microseconds(29)), after: before) == nil)
    let slow = Self.figures(spans: 2000, time: .microseconds(100))
    #expect(kind(Self.figures(spans: 1000, time: .microseconds(490)), after: slow) == nil)
    #expect(kind(Self.figures(spans: 1000, time: .microseconds(510)), after: slow) == .cost)
    let large = Self.figures(spans: 1000, bytesOfSpan: 100_000, time: .microseconds(60))
    #expect(kind(large, after: before) == nil)
  }
}

/// Random numbers that are the same in every run.
private struct Xorshift {
  var state: UInt64

  mutating func next() -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 11)
  }
}
