/// What it takes for a set of rules to run.
package struct ApprovalSettings: Sendable, Equatable {
  /// Who decides.
  package enum Mode: String, Sendable, CaseIterable {
    /// Whoever may write the rules.
    case none
    /// The rules have to be as `rules.lock` has them.
    case lock
    /// Enough of the trusted keys have to have signed the rules.
    case signature
  }

  package var mode = Mode.none
  /// Files of the public keys whose signatures count.
  package var keyFiles: [String] = []
  /// How many of them have to have signed.
  package var threshold = 1
  /// The file of the least counter with which a signed set may run; nil for none that rises.
  package var counterFile: String?
  /// A least counter that does not rise.
  package var minimumCounter = 0
  /// Whether an edit that is proven to show nothing more runs before it is approved.
  package var runsTighter = true

  package init() {}
}
