/// A rule as its file declares it: all that is data. What remains code is the hook.
package struct RuleDefinition: Sendable {
  package var source: RuleSource
  package var about: String
  package var hide: [HideStep]
  /// Steps that `span:hide` may ask for, by the serial of the node that made each.
  package var conditionalSteps: [(serial: UInt32, step: HideStep)]
  package var powers: Powers
  package var failurePolicy: FailurePolicy
  package var settings: [Setting]
  package var hasSpanHook: Bool

  package var name: String { source.name }
}

/// Reads what a rule file returned.
struct RuleReader {
  static let fields = ["about", "hide", "can", "on_span", "on_failure"]

  let source: RuleSource

  /// - Parameters:
  ///   - value: what the file returned.
  ///   - settings: what the file declared with `settings`, with the values in force.
  func read(_ value: LuaValue, settings: [Setting]) throws(RuleError) -> RuleDefinition {
    guard let rule = value.node, rule.kind == "rule" else {
      throw source.error(nil, "a rule file ends with `return rule { … }`; this one returns \(value.typeName)")
    }
    guard rule.arguments.count == 1, let table = rule.arguments[0].table, table.elements.isEmpty,
      table.oddKey == nil
    else {
      throw source.error(rule.line, "rule takes one table: rule { about = \"…\", … }")
    }
    for member in table.members where !Self.fields.contains(member.name) {
      throw source.error(
        source.lineWriting(member.name) ?? rule.line,
        "\(member.name) is not a field of a rule" + Suggestion.hint(for: member.name, in: Self.fields))
    }
    guard let about = table["about"]?.text, !about.isEmpty else {
      throw source.error(rule.line, "a rule says what it is for: about = \"Hides …\"")
    }
    var hide: [HideStep] = []
    if let value = table["hide"] { hide = try HideReader(source: source).steps(value) }
    var powers = Powers()
    if let value = table["can"] { powers = try PowersReader(source: source).read(value) }
    let hasHook = try hasHook(table)
    if hide.isEmpty, !hasHook {
      throw source.error(rule.line, "the rule has no effect: it needs hide = { … } or on_span = function(span) … end")
    }
    for field in ["can", "on_failure"] where !hasHook && table[field] != nil {
      throw source.error(source.lineWriting(field), "\(field) has no effect without on_span; remove it")
    }
    if table["can"] != nil, powers.isEmpty {
      throw source.error(source.lineWriting("can"), "can is empty; name what the hook may do, or remove it")
    }
    return RuleDefinition(
      source: source, about: about, hide: hide, conditionalSteps: [], powers: powers,
      failurePolicy: try failurePolicy(table) ?? .pass, settings: settings, hasSpanHook: hasHook)
  }

  /// The policy that the rule names, if it does.
  func failurePolicy(_ table: LuaTable) throws(RuleError) -> FailurePolicy? {
    guard let value = table["on_failure"] else { return nil }
    let names = FailurePolicy.allCases.map(\.rawValue)
    guard let text = value.text, let policy = FailurePolicy(rawValue: text) else {
      throw source.error(
        source.lineWriting("on_failure"),
        "on_failure is \(names.joined(separator: ", ")), not \(value.text ?? value.typeName)")
    }
    return policy
  }

  private func hasHook(_ table: LuaTable) throws(RuleError) -> Bool {
    switch table["on_span"] {
    case nil: return false
    case .function: return true
    case .some(let value):
      throw source.error(
        source.lineWriting("on_span"),
        "on_span is a function: on_span = function(span) … end; this is \(value.typeName)")
    }
  }
}
