/// Whether a set of rules may run.
package enum ApprovalVerdict: Sendable, Equatable {
  case approved(Approval)
  case refused(ApprovalRefusal)

  /// Nil where the set is refused.
  package var approval: Approval? {
    if case .approved(let approval) = self { approval } else { nil }
  }

  /// Nil where the set is approved.
  package var refusal: ApprovalRefusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }
}

/// How a set of rules came to be approved.
package struct Approval: Sendable, Equatable, CustomStringConvertible {
  package var mode: ApprovalPolicy.Mode
  /// `RuleDirectory.digest`.
  package var digest: String
  /// The names of the trusted keys that count, in the policy's order.
  package var signers: [String] = []
  /// The counter that they signed; nil where no signature was asked for.
  package var counter: UInt64?

  /// `signed by alice, bob with counter 7`
  package var description: String {
    switch mode {
    case .none: "no approval is asked for"
    case .lock: "as \(RuleLock.fileName) has them"
    case .signature: "signed by \(signers.joined(separator: ", "))\(counter.map { " with counter \($0)" } ?? "")"
    }
  }
}

/// Why a set of rules is not approved.
package struct ApprovalRefusal: Sendable, Equatable, CustomStringConvertible {
  package enum Code: String, Sendable, CaseIterable {
    /// There is no lock, or no file of signatures.
    case missing
    /// The lock or the file of signatures is there and cannot be read.
    case unreadable
    /// The rules are not those that were locked.
    case changed
    /// Too few of the trusted keys signed these rules with one counter.
    case signatures
    /// Enough signed them, but with a counter below the floor: an older set.
    case counter
    /// A file has a name with which a set cannot be approved.
    case name
  }

  package var code: Code
  /// `RuleDirectory.digest`.
  package var digest: String
  /// What was expected, what was found and what to do. Without secrets, fit for a terminal.
  package var reason: String
  /// How the rules differ from the lock, where there is one and they do. Where signatures are asked for, this is only as
  /// good as the lock, which anybody can write.
  package var changes: RuleChanges?

  package var description: String { reason }
}
