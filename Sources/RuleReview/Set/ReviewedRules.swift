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
  /// - Throws: `RuleErrors` where it does not load.
  package init(
    _ directory: RuleDirectory, settings: [String: [String: String]] = [:], keys: [String: PseudonymKeyRing] = [:]
  ) throws {
    self.directory = directory
    host = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: directory, settings: settings), keys: keys)
    ruleSet = host.ruleSet
  }

  /// The rules that run, in chain order.
  package var rules: [RuleDefinition] { ruleSet.rules }

  /// Those with code that runs for each span.
  var hooks: [RuleDefinition] { rules.filter(\.hasSpanHook) }

  /// What they hide, together.
  package var policy: HidePolicy { ruleSet.policy }
}
