/// The time after a set of rules came into force, in which it may be rolled back.
///
/// Only time in which spans come counts: a set that was put in force at night is tried in the morning.
package struct Probation: Sendable {
  /// What a look at it says.
  package enum Verdict: Sendable, Equatable {
    case goesOn
    case passed
    case failed(ProbationFault)
  }

  /// How long it takes.
  private let required: Duration
  /// What the set before has met and cost; nil where there was none.
  private let before: RuleSetFigures?
  private var spent = Duration.zero
  private var spans = 0

  /// One look counts for no more: while the host was stopped, no spans came.
  private static let longestLook = Duration.seconds(2)

  package init(_ required: Duration, before: RuleSetFigures?) {
    self.required = required
    self.before = before
  }

  /// Looks at what the set has met and cost so far.
  /// - Parameter elapsed: the time since the last look, or since the set came into force.
  package mutating func look(at figures: RuleSetFigures, after elapsed: Duration) -> Verdict {
    if let fault = ProbationJudge.fault(of: figures, after: before) { return .failed(fault) }
    if figures.spans > spans {
      spans = figures.spans
      spent += min(elapsed, Self.longestLook)
    }
    return spent >= required ? .passed : .goesOn
  }
}
