/// A rules directory that is not in force, since something is wrong with it.
public struct RefusedRules: Sendable, Equatable {
  /// What its files say; nil where they cannot be read.
  public var directory: RuleDirectory?
  /// What is wrong.
  public var errors: RuleErrors
}
