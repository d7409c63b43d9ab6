/// Something in the life of a host's rules that the audit log tells.
package struct AuditEvent: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// A host started, with this set.
    case start
    /// A set may not run, or did not load.
    case refusal
    /// A set took the place of another.
    case swap
    /// A set that came into force has passed its probation.
    case confirmation
    /// A set did not pass its probation, and the one before runs again; or a host started with the set that ran last, as
    /// the rules themselves were wrong.
    case rollback
    /// A person decided that a set may run.
    case acceptance
    /// A person decided that a set which was rolled back stays so, and that what it hid need not stay hidden.
    case reversion
    /// Settings of rules were given other values in the host's configuration.
    case settings
  }

  package var kind: Kind
  /// `RuleDirectory.digest` of the set; nil where there is none, as of a directory that cannot be read.
  package var digest: String?
  /// That of the set that ran before.
  package var before: String?
  /// Why, in words without secrets. More than `maximumReason` bytes are cut off.
  package var reason: String

  package static let maximumReason = 2000

  package init(_ kind: Kind, digest: String? = nil, before: String? = nil, reason: String) {
    self.kind = kind
    self.digest = digest
    self.before = before
    self.reason = reason
  }
}
