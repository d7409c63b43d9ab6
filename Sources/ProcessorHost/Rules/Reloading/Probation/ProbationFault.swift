/// Why a set of rules is worse than the one before.
package struct ProbationFault: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// A rule failed so often in a row that it is no longer called.
    case breaker
    /// More fails than before.
    case failures
    /// It costs much more than before.
    case cost
  }

  package var kind: Kind
  /// In words, without anything of a span.
  package var message: String
}
