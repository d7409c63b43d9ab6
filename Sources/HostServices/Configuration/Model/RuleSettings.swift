/// What is done to spans.
package struct RuleSettings: Sendable, Equatable {
  /// What the shares that rules ask for are shares of.
  package enum SamplingMode: String, Sendable, CaseIterable {
    /// Of all spans there ever were.
    case equalizing
    /// Of the spans that arrive.
    case proportional
  }

  /// Where the digest of the rules is put that spans went through.
  package enum Stamp: String, Sendable, CaseIterable {
    /// On instrumentation scopes, as the attribute `processor_host.rules.digest`.
    case scope
    /// Nowhere.
    case off
  }

  /// The rules directory; nil is `rules`, where there is one.
  package var directory: String?
  /// The rules that run, in order, instead of `chain.lua`; an empty list runs none.
  package var chain: [String]?
  /// Values for settings that rules declare, by `RULE.NAME`.
  package var settings: [String: String] = [:]
  /// How often the directory is looked at; zero for never.
  package var watchInterval = Duration.seconds(1)
  /// How long spans have to come until a set that came into force is proven; zero for at once.
  package var probation = Duration.seconds(60)
  /// Files of keys for pseudonyms, by the names that rules call them. Keys in PROCESSOR_HOST_KEY_… come beside these.
  package var keyFiles: [String: String] = [:]
  /// What the shares that rules ask for are shares of.
  package var samplingMode = SamplingMode.equalizing
  /// Where the digest of the rules is put.
  package var stamp = Stamp.scope
  /// A directory with a set that is tried beside the one that runs; nil for none.
  package var shadow: String?
  /// How much of one core that may take.
  package var shadowBudget = 0.1
  /// What it takes for a set of rules to run.
  package var approval = ApprovalSettings()
  /// Where the set that ran last is kept; nil for nowhere.
  package var lastGood: String?
  /// The file that tells what became of the rules; nil for none.
  package var auditLog: String?
  /// The file of the key with which its lines are chained.
  package var auditLogKey: String?

  package init() {}
}
