/// Compares what two sets of rules have met and cost.
///
/// A set that is rolled back without need is an edit that somebody has to make again, and a set that stays without right
/// is an outage. So every bound is one that chance and a busy machine do not reach, and that a rule which really is broken
/// does within seconds.
package enum ProbationJudge {
  /// Fewer failures may be a handful of odd spans that the set before would have failed on as well.
  static let leastFailures = 10
  /// Below one in so many spans a failing rule is something to mend, not something to undo.
  static let spansForEachFailure = 1000
  /// A rate of failures has to lie so many standard deviations above the highest that the set before may have had. It is
  /// looked at some hundred times in a probation, where two would be passed by chance; and failures come in bursts.
  static let deviations = 4.0
  /// And it has to be so many times that of the set before: of rules that always fail on some spans, more of these may
  /// come now.
  static let failureGrowth = 1.5
  /// A set before that saw fewer spans is taken for one that saw so many: nothing failed in two spans says little.
  static let leastSpansBefore = 500

  /// What costs "much more": so many times as much. A rule that is written anew may well cost twice as much, and other
  /// spans may; ten times as much is passed with room to spare.
  static let growth = 5.0
  /// Calls and spans over which a mean means something, on either side. The first spans of a set also pay for tables that
  /// it fills once.
  static let leastCalls = 256
  static let leastSpans = 1000
  /// Not every batch is timed: of a set that has seen a few large ones, none may be.
  static let leastTimedSpans = 256
  /// More steps a call of one rule than before, in the order of what all rules that ship take for a span together. Below
  /// it, ten times as much is still next to nothing.
  static let stepsOfCall = 1000.0
  /// The same for all rules of a set. A new rule has nothing that it could be compared with, and may cost its share: this
  /// is a fifth of what one call is allowed.
  static let stepsOfSpan = 20_000.0
  /// More processor time a span than before. It sees what steps do not count, such as hiding and processors; machines have
  /// clocks that change, so that it has to be a multiple of what the rules that ship take.
  static let timeOfSpan = Duration.microseconds(25)

  /// Says what is worse under a set than under the one before; nil for nothing.
  /// - Parameter before: nil where no set ran before.
  package static func fault(of set: RuleSetFigures, after before: RuleSetFigures?) -> ProbationFault? {
    let before = before ?? RuleSetFigures()
    return breaker(set, before) ?? failures(set, before) ?? cost(set, before)
  }

  // MARK: Failures

  /// A breaker takes 64 failures in a row on one lane: no odd span does that. One that opened before is no news.
  private static func breaker(_ set: RuleSetFigures, _ before: RuleSetFigures) -> ProbationFault? {
    let opened = set.rules.filter { $0.value.timesOpened > 0 && (before.rules[$0.key]?.timesOpened ?? 0) == 0 }
    guard let name = opened.keys.min() else { return nil }
    let place = set.mainFailure.map { "; most failures at \($0)" } ?? ""
    return ProbationFault(
      kind: .breaker,
      message: "\(name) failed on \(CircuitBreaker.threshold) spans in a row and was no longer called\(place)")
  }

  private static func failures(_ set: RuleSetFigures, _ before: RuleSetFigures) -> ProbationFault? {
    let failed = set.failed
    guard failed >= leastFailures, failed * spansForEachFailure >= set.spans else { return nil }
    // The highest rate that the set before may have had, for what it has shown.
    let seen = Double(before.failed)
    let rate = (seen + deviations * seen.squareRoot() + deviations) / Double(max(before.spans, leastSpansBefore))
    let expected = rate * Double(set.spans)
    guard Double(failed) > expected + deviations * expected.squareRoot(),
      mean(failed, set.spans) >= failureGrowth * mean(before.failed, before.spans)
    else { return nil }
    let place = set.mainFailure.map { ", most at \($0)" } ?? ""
    return ProbationFault(
      kind: .failures,
      message: "\(failed) failures in \(set.spans) spans, before \(before.failed) in \(before.spans)\(place)")
  }

  // MARK: Cost

  private static func cost(_ set: RuleSetFigures, _ before: RuleSetFigures) -> ProbationFault? {
    // What larger spans cost more is not the rules' doing.
    let size = max(ratio(mean(set.bytes, set.spans), mean(before.bytes, before.spans)), 1)
    for (name, rule) in set.rules.sorted(by: { $0.key < $1.key }) {
      guard let old = before.rules[name], rule.calls >= leastCalls, old.calls >= leastCalls else { continue }
      let (now, then) = (mean(rule.steps, rule.calls), mean(old.steps, old.calls))
      if isMuchMore(now, then * size, floor: stepsOfCall) {
        return ProbationFault(
          kind: .cost, message: "\(name) takes \(Int(now)) steps a call, before \(Int(then))")
      }
    }
    guard set.spans >= leastSpans, before.spans >= leastSpans else { return nil }
    let (steps, stepsBefore) = (mean(set.steps, set.spans), mean(before.steps, before.spans))
    if isMuchMore(steps, stepsBefore * size, floor: stepsOfSpan) {
      return ProbationFault(
        kind: .cost, message: "the rules take \(Int(steps)) steps a span, before \(Int(stepsBefore))")
    }
    guard set.timedSpans >= leastTimedSpans, before.timedSpans >= leastTimedSpans else { return nil }
    let (time, timeBefore) = (set.processorTime / set.timedSpans, before.processorTime / before.timedSpans)
    if isMuchMore(time / .microseconds(1), timeBefore / .microseconds(1) * size, floor: timeOfSpan / .microseconds(1)) {
      return ProbationFault(
        kind: .cost,
        message: "a span takes \(Int(time / .microseconds(1))) µs of processor time, "
          + "before \(Int(timeBefore / .microseconds(1)))")
    }
    return nil
  }

  private static func isMuchMore(_ now: Double, _ before: Double, floor: Double) -> Bool {
    now >= growth * before && now - before >= floor
  }

  private static func mean(_ sum: Int, _ count: Int) -> Double { count == 0 ? 0 : Double(sum) / Double(count) }

  private static func ratio(_ value: Double, _ other: Double) -> Double { other == 0 ? 1 : value / other }
}
