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
  /// Whether it looks at whole traces.
  package var hasTraceHook: Bool
  /// Hooks that the values of settings switch off.
  package var idleHooks: [String]

  /// The hooks that run, by their names.
  package var hooks: [String] { (hasSpanHook ? ["on_span"] : []) + (hasTraceHook ? ["on_trace"] : []) }

  /// Whether there is code in it that runs, or would with other values of its settings.
  package var hasCode: Bool { hasSpanHook || hasTraceHook || !idleHooks.isEmpty }

  package var name: String { source.name }
}

/// Reads what a rule file returned.
struct RuleReader {
  static let fields = ["about", "hide", "can", "on_span", "on_trace", "on_failure"]

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
    let onSpan = try hook("on_span", table, argument: "span")
    let onTrace = try hook("on_trace", table, argument: "trace")
    try check(table, powers, onSpan, onTrace, hasHide: !hide.isEmpty, line: rule.line)
    return RuleDefinition(
      source: source, about: about, hide: hide, conditionalSteps: [], powers: powers,
      failurePolicy: try failurePolicy(table) ?? .pass, settings: settings, hasSpanHook: onSpan == .present,
      hasTraceHook: onTrace == .present,
      idleHooks: [("on_span", onSpan), ("on_trace", onTrace)].filter { $0.1 == .off }.map(\.0))
  }

  /// Whether all that the rule says has an effect.
  private func check(
    _ table: LuaTable, _ powers: Powers, _ onSpan: Hook, _ onTrace: Hook, hasHide: Bool, line: Int
  ) throws(RuleError) {
    let hasCode = onSpan != .absent || onTrace != .absent
    if !hasHide, !hasCode {
      throw source.error(line, "the rule has no effect: it needs hide = { … } or on_span = function(span) … end")
    }
    for field in ["can", "on_failure"] where !hasCode && table[field] != nil {
      throw source.error(source.lineWriting(field), "\(field) has no effect without on_span; remove it")
    }
    if table["can"] != nil, powers.isEmpty {
      throw source.error(source.lineWriting("can"), "can is empty; name what the hook may do, or remove it")
    }
    if onTrace != .absent, !powers.mayDecideOrSet {
      throw source.error(
        source.lineWriting("on_trace"),
        "on_trace has no effect: name under can what it may set, or the reasons for which it may sample or drop")
    }
    if onTrace == .absent, powers.readPaths.contains(where: { $0.hasPrefix("trace.") }) {
      throw source.error(source.lineWriting("read"), "paths that begin with trace. have no effect without on_trace")
    }
    if onTrace == .absent, powers.reasonAttribute != nil {
      throw source.error(
        source.lineWriting("sample_reason"),
        "sample_reason has no effect without on_trace: the host writes the reason on the spans of whole traces")
    }
    if onTrace == .absent, let name = powers.set.filter({ $0.value == .spanName }).keys.min() {
      throw source.error(source.lineWriting(name), "a \"span_name\" can only be set by on_trace")
    }
    if onSpan == .absent, onTrace != .absent {
      for (field, isGiven) in [("rewrite", powers.canRewrite), ("on_failure", table["on_failure"] != nil)]
      where isGiven {
        throw source.error(
          source.lineWriting(field),
          "\(field) has no effect without on_span; remove it: on_trace writes no free text, and where it fails the "
            + "trace is kept")
      }
    }
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

  private enum Hook {
    case absent, present
    /// `false` stands in its place: `on_trace = settings.whole_trace and look`.
    case off
  }

  private func hook(_ name: String, _ table: LuaTable, argument: String) throws(RuleError) -> Hook {
    switch table[name] {
    case nil: return .absent
    case .function: return .present
    case .bool(false): return .off
    case .some(let value):
      throw source.error(
        source.lineWriting(name),
        "\(name) is a function: \(name) = function(\(argument)) … end; this is \(value.typeName)")
    }
  }
}
