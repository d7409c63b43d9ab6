internal import BuiltinProcessors
public import ProcessorHost

extension TracingBackend.Configuration {
  /// Which rules every span goes through.
  public enum Rules: Sendable {
    /// Those that come with the host: `slow_trace`, `sample`, `redact`, `truncate`.
    case standard
    /// Those of a directory, read again when it changes. PROCESSOR_HOST_RULES_DIR, and
    /// PROCESSOR_HOST_RULES_WATCH_INTERVAL (`1s`; `0s` never looks at it again).
    case directory(String, watchInterval: Duration = .seconds(1))
    /// Those that the app carries in itself.
    case inMemory(RuleDirectory)
    /// None: what is hidden is what the configuration's own `hide` says.
    case none
  }

  /// Takes over what the environment says of rules.
  /// - Throws: where rules would run with other values or keys than was meant, which could show what is to be hidden.
  mutating func applyRules(_ reader: inout EnvironmentReader) throws(TracingConfigurationError) {
    if let path = reader.text("PROCESSOR_HOST_RULES_DIR") {
      var interval = Duration.seconds(1)
      if case .directory(_, let given) = rules { interval = given }
      rules = .directory(path, watchInterval: interval)
    }
    if case .directory(let path, _) = rules,
      let interval = reader.first([.time("PROCESSOR_HOST_RULES_WATCH_INTERVAL", .zero ... .seconds(3600))])
    {
      rules = .directory(path, watchInterval: interval)
    }
    try applyRuleSettings(reader)
    do {
      let rings = try PseudonymKeyEnvironment.rings(in: reader.environment.filter { !$0.value.isEmpty })
      pseudonymKeys.merge(rings) { _, new in new }
    } catch {
      throw TracingConfigurationError(setting: error.source ?? PseudonymKeyEnvironment.prefix, error.message)
    }
  }

  /// Each setting is replaced by itself: the environment need not repeat those of the app.
  private mutating func applyRuleSettings(_ reader: EnvironmentReader) throws(TracingConfigurationError) {
    let name = "PROCESSOR_HOST_RULES_SETTINGS"
    guard let text = reader.text(name) else { return }
    for (index, member) in text[...].utf8.split(separator: UInt8(ascii: ",")).enumerated() {
      let member = member.trimmingSpaces()
      if member.isEmpty { continue }
      guard let equals = member.firstIndex(of: UInt8(ascii: "=")),
        let dot = member[..<equals].firstIndex(of: UInt8(ascii: ".")),
        let rule = String(member[..<dot].trimmingSpaces()), !rule.isEmpty,
        let setting = String(member[member.index(after: dot)..<equals].trimmingSpaces()), !setting.isEmpty,
        let value = String(member[member.index(after: equals)...].trimmingSpaces())
      else {
        throw TracingConfigurationError(
          setting: name,
          "expected RULE.NAME=VALUE with commas between, such as slow_trace.threshold=30s; member \(index + 1) is not so"
        )
      }
      ruleSettings[rule, default: [:]][setting] = value
    }
  }
}
