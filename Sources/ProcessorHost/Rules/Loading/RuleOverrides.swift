/// What is said of rules outside of their directory: by whoever runs the host, not by whoever writes rules.
package struct RuleOverrides: Sendable, Equatable {
  /// The names of the rules that run, in order, instead of `chain.lua`.
  package var chain: [String]?
  /// Values for settings that rules declare, by rule and by setting, as text.
  package var settings: [String: [String: String]]

  package init(chain: [String]? = nil, settings: [String: [String: String]] = [:]) {
    self.chain = chain
    self.settings = settings
  }
}
