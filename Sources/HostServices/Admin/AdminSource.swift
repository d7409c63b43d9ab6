/// What the admin port tells, and does.
package protocol AdminSource: Sendable {
  /// Whether the host takes spans; nil: it does. Otherwise why not, in a few words.
  func unreadiness() async -> String?
  /// All figures in Prometheus' text exposition format, version 0.0.4.
  func metrics() async -> String
  /// The rules that run, as JSON.
  func rules() async -> [UInt8]
  /// Has the rules read again.
  func reloadRules() async -> ReloadAnswer
  /// Has the set that was rolled back run.
  func acceptRules() async -> ReloadAnswer
  /// Has the set that ran before run alone, without what the one that was rolled back hid.
  func revertRules() async -> ReloadAnswer
  /// What the candidate would change, as JSON.
  func shadowRules() async -> [UInt8]
  /// Makes the candidate the rules that run.
  /// - Parameter digest: which candidate is meant; nil for the one that is compared.
  func promoteRules(_ digest: String?) async -> ReloadAnswer
  /// The configuration in force, as JSON, without secrets.
  func configuration() async -> [UInt8]
}

/// What came of something that was to be done with the rules.
package struct ReloadAnswer: Sendable {
  /// Whether it was not done: the files are wrong, say, and others run therefore.
  package var isRefused: Bool
  /// The outcome as JSON.
  package var json: [UInt8]

  package init(isRefused: Bool, json: [UInt8]) {
    self.isRefused = isRefused
    self.json = json
  }
}
