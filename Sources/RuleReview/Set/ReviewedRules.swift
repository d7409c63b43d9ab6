package import BuiltinProcessors
package import ProcessorHost

/// A rules directory that has been loaded for a review.
package struct ReviewedRules: Sendable {
  package let directory: RuleDirectory
  package let host: SpanProcessorHost
  let ruleSet: RuleSet

  /// Loads a directory, with its leak battery and without its tests.
  /// - Parameters:
  ///   - settings: values for settings, by rule and by setting.
  ///   - keys: the keys for pseudonyms, by the names that rules call them.
  ///   - kept: what is hidden beside it for the time being.
  /// - Throws: `RuleErrors` where it does not load.
  package init(
    _ directory: RuleDirectory, settings: [String: [String: String]] = [:], keys: [String: PseudonymKeyRing] = [:],
    keeping kept: HidePolicy = HidePolicy()
  ) throws {
    self.directory = directory
    var configuration = SpanProcessorHost.Configuration(rules: directory, settings: settings)
    configuration.kept = kept
    host = try SpanProcessorHost(configuration, keys: keys)
    ruleSet = host.ruleSet
  }

  /// Loads the rules of a configuration, as a host with it would.
  /// - Throws: `RuleErrors` where they do not load.
  init(_ configuration: SpanProcessorHost.Configuration, natives: RuleNatives) throws {
    directory = configuration.rules
    host = try SpanProcessorHost(configuration, natives: natives)
    ruleSet = host.ruleSet
  }

  /// The rules that run, in chain order.
  package var rules: [RuleDefinition] { ruleSet.rules }

  /// Those with code that runs for each span.
  var hooks: [RuleDefinition] { rules.filter(\.hasCode) }

  /// What they hide, together.
  package var policy: HidePolicy { ruleSet.policy }

  /// Hides in keys what these rules hide, also where they only do so for some spans; nil where all that they may hide is
  /// too much for one policy, and no key can be told.
  func keyRedactor(_ keys: [String: PseudonymKeyRing]) -> Redactor? {
    try? Redactor(
      HidePolicy(policy.steps.map { HideStep($0.matcher, $0.action, origin: $0.origin) }), keys: keys)
  }
}
