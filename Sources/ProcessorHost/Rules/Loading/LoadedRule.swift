internal import CRuleSandbox

/// A rule in a Lua state of its own, ready to be called on the lane that loaded it.
final class LoadedRule {
  let definition: RuleDefinition
  let sandbox: RuleSandbox
  /// The reference of `on_span`.
  let hook: Int32?
  /// The reference of `on_trace`.
  let traceHook: Int32?

  init(definition: RuleDefinition, sandbox: RuleSandbox, hook: Int32? = nil, traceHook: Int32? = nil) {
    self.definition = definition
    self.sandbox = sandbox
    self.hook = hook
    self.traceHook = traceHook
  }
}

/// Loads a rule file: compiled, run, read, checked, frozen. Each lane does it for itself, from the same text and with
/// the same outcome.
struct RuleLoader {
  let source: RuleSource
  let overrides: [String: String]
  /// The items of a list by its name, or nil where there is none; and the names there are.
  let lists: [String: [String]]
  /// Attack scripts are tried against the sandbox alone, without the doorkeeper that would refuse to load most of them.
  var skipsInspection = false
  var limits = sandbox_limits()
  /// Where the lines of the hook that run are noted, for the coverage of tests.
  var lineNotes: LineNotes?

  func load() throws(RuleError) -> LoadedRule {
    guard source.bytes.count <= RuleSource.maximumBytes else {
      throw source.error(
        nil, "the file has \(source.bytes.count) bytes; a rule has at most \(RuleSource.maximumBytes)")
    }
    let sandbox = try RuleSandbox(file: source.file, RULE_FILE_RULE, limits: limits)
    prepare(sandbox)
    let main = try attempt { () throws(RuleSandbox.Failure) in
      try sandbox.load(source.bytes, name: source.file)
    }
    let inspection = RuleInspection(source: source, sandbox: sandbox)
    if !skipsInspection {
      try inspection.checkGlobals(main)
      try inspection.checkTables(main)
    }
    let value = try attempt(sandbox) { () throws(RuleSandbox.Failure) in try sandbox.run(main) }
    // Also where the file caught it.
    if let error = sandbox.declarationError { throw error }
    sandbox.endLoading()
    var definition = try RuleReader(source: source).read(value, settings: sandbox.settings)
    let hook = hookReference("on_span", value)
    let traceHook = hookReference("on_trace", value)
    var lines: Set<Int> = []
    if let hook {
      sandbox.declared = []
      let functions = try attempt { () throws(RuleSandbox.Failure) in try sandbox.reachable(from: hook) }
      try readConditionalSteps(sandbox.declared, value, into: &definition)
      if !skipsInspection {
        try inspection.checkHook(functions, hasSteps: !definition.conditionalSteps.isEmpty)
      }
      if lineNotes != nil { lines.formUnion(try inspection.lines(of: functions)) }
    }
    if let traceHook {
      let functions = try attempt { () throws(RuleSandbox.Failure) in try sandbox.reachable(from: traceHook) }
      if !skipsInspection { try inspection.checkTraceHook(functions) }
      if lineNotes != nil { lines.formUnion(try inspection.lines(of: functions)) }
    }
    for hook in [hook, traceHook].compactMap({ $0 }) {
      try attempt { () throws(RuleSandbox.Failure) in try sandbox.freeze(hook) }
    }
    if let lineNotes, !definition.hooks.isEmpty {
      lineNotes.executable = lines
      sandbox.note(lines: lineNotes)
    }
    return LoadedRule(definition: definition, sandbox: sandbox, hook: hook, traceHook: traceHook)
  }

  private func prepare(_ sandbox: RuleSandbox) {
    var wasDeclared = false
    sandbox.declareSettings = { [source, overrides] value in
      if wasDeclared {
        return .failure(source.error(nil, "settings is written once in a file; put all settings into one table"))
      }
      wasDeclared = true
      do throws(RuleError) {
        let settings = try SettingsReader(source: source, overrides: overrides).read(value, line: nil)
        if let unknown = overrides.keys.sorted().first(where: { name in !settings.contains { $0.name == name } }) {
          throw source.error(
            nil, "the rule has no setting \(unknown)" + Suggestion.hint(for: unknown, in: settings.map(\.name)))
        }
        return .success(settings)
      } catch {
        return .failure(error)
      }
    }
    sandbox.openList = { [source, lists] name in
      if let items = lists[name] { return .success(items) }
      let hint =
        lists.isEmpty
        ? "; the directory has no lists, a list is a file lists/\(name).txt"
        : Suggestion.hint(for: name, in: Array(lists.keys))
      return .failure(source.error(nil, "there is no list \(name)\(hint)"))
    }
  }

  /// Steps that the hook can reach are for `span:hide`. A rule that hides by condition must not pass on what it failed
  /// to look at.
  private func readConditionalSteps(
    _ nodes: [LuaNode], _ value: LuaValue, into definition: inout RuleDefinition
  ) throws(RuleError) {
    let reader = HideReader(source: source)
    for node in nodes where HideReader.matchers.contains(node.kind) || HideReader.actions.contains(node.kind) {
      var step = try reader.step(.node(node))
      step.isConditional = true
      if !definition.conditionalSteps.contains(where: { $0.serial == node.serial }) {
        definition.conditionalSteps.append((node.serial, step))
      }
    }
    if definition.conditionalSteps.isEmpty { return }
    let table = value.node?.arguments.first?.table ?? LuaTable()
    switch try RuleReader(source: source).failurePolicy(table) {
    case nil: definition.failurePolicy = .strip
    case .pass:
      throw source.error(
        source.lineWriting("on_failure"),
        "the rule hides by condition, so a failure must not pass the span on: on_failure is \"strip\" or \"drop\"")
    case .some(let policy): definition.failurePolicy = policy
    }
  }

  private func hookReference(_ name: String, _ value: LuaValue) -> Int32? {
    guard case .function(let reference)? = value.node?.arguments.first?.table?[name] else { return nil }
    return reference
  }

  private func attempt<Result>(
    _ sandbox: RuleSandbox? = nil, _ body: () throws(RuleSandbox.Failure) -> Result
  ) throws(RuleError) -> Result {
    do throws(RuleSandbox.Failure) {
      return try body()
    } catch {
      // It knows the line better than the call that was refused.
      if let known = sandbox?.declarationError, known.line != nil, known.message == error.message { throw known }
      throw source.error(error.line, error.sentence)
    }
  }
}

extension RuleSandbox.Failure {
  /// The failure as a person reads it.
  var sentence: String {
    switch verdict {
    case SANDBOX_STEPS: "the rule took more steps than it may; is there a loop without an end?"
    case SANDBOX_MEMORY: "the rule took more memory than it may"
    case SANDBOX_CPU: "the rule took more processor time than it may"
    default: message
    }
  }
}
