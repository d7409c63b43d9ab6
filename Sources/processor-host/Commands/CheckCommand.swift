internal import ArgumentParser
internal import BuiltinProcessors
internal import ProcessorHost

/// `processor-host check`: would this directory load, and do its tests pass?
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Load the rules and run their tests, without spans.",
    discussion: "Exit status: 0 all is well; 1 a test failed; 3 a rule or a test could not be loaded.")

  @Argument(help: "The rules directory. Default: rules.")
  var directory: String?

  @Flag(help: "Show what the leak battery planted: each surface against each matcher.")
  var matrix = false

  @OptionGroup var keys: KeyOptions

  @OptionGroup var junit: JUnitOption

  func run() throws {
    let terminal = Terminal(isTerminal: OutputSink.standardOutput.isTerminal)
    let outcomes: [RuleTestRunner.Outcome]
    var text = ""
    do {
      let rules = try rulesDirectory(directory)
      let keys = try keys.keyRings()
      let host = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: rules), keys: keys)
      for rule in host.ruleSet.rules {
        text += "\(terminal.paint(.printable(rule.name), .bold))  \(String.printable(rule.about))\n"
        for line in RuleFacts(rule).lines { text += "    \(String.printable(line))\n" }
      }
      for name in rules.rules.keys.sorted() where !host.ruleSet.rules.contains(where: { $0.name == name }) {
        _ = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: rules, chain: [name]), keys: keys)
        text += "\(terminal.paint(name, .bold))  is not in the chain and does not run\n"
      }
      let leaks = LeakMatrixText(matrix: host.ruleSet.leaks, policy: host.ruleSet.policy)
      text += String.printable(leaks.summary) + "\n"
      if matrix { text += leaks.table.map { "    \(String.printable($0))\n" }.joined() }
      outcomes = try RuleTestRunner(rules, natives: .builtin(keys: keys)).run()
    } catch let errors as RuleErrors {
      throw try junit.failed(errors, in: directory)
    } catch let error as RuleError {
      throw try junit.failed(RuleErrors([error]), in: directory)
    }
    try OutputSink.standardOutput.write(text.utf8)
    let failed = try TestReport(outcomes).write(to: .standardOutput)
    try junit.write(outcomes, of: directory)
    if failed > 0 { throw ExitStatus.refused }
  }
}

/// What a rule may do, in a few lines.
struct RuleFacts {
  let rule: RuleDefinition

  init(_ rule: RuleDefinition) { self.rule = rule }

  var lines: [String] {
    var lines: [String] = []
    // The one power with which text may leave that nobody reviewed comes first.
    if rule.powers.canRewrite {
      lines.append("may write free text into \(rule.powers.rewritePaths.joined(separator: ", "))")
    }
    for step in rule.hide { lines.append("hides by \(step.matcher.name) (\(step.action.name))") }
    for (_, step) in rule.conditionalSteps { lines.append("may hide by \(step.matcher.name) (\(step.action.name))") }
    if !rule.powers.readPaths.isEmpty { lines.append("reads \(rule.powers.readPaths.joined(separator: ", "))") }
    let set = rule.powers.set.keys.sorted()
    if !set.isEmpty { lines.append("sets \(set.joined(separator: ", "))") }
    if !rule.powers.sampleReasons.isEmpty {
      lines.append("samples: \(rule.powers.sampleReasons.joined(separator: ", "))")
    }
    if let key = rule.powers.reasonAttribute { lines.append("sets \(key) to the reason for which a trace stays") }
    if !rule.powers.dropReasons.isEmpty { lines.append("drops: \(rule.powers.dropReasons.joined(separator: ", "))") }
    if rule.hasTraceHook { lines.append("looks at whole traces") }
    for hook in rule.idleHooks { lines.append("\(hook) is switched off by a setting") }
    if rule.hasSpanHook { lines.append("on failure: \(rule.failurePolicy.rawValue)") }
    for setting in rule.settings { lines.append("setting \(setting.name): \(setting.valueText)") }
    return lines
  }
}
