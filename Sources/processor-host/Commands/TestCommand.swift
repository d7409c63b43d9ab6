internal import ArgumentParser
internal import BuiltinProcessors
internal import ProcessorHost

/// `processor-host test`: the tests beside the rules.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests that stand beside the rules.",
    discussion: "Exit status: 0 all passed; 1 a test failed; 3 a rule or a test could not be loaded.")

  @Argument(help: "The rules directory. Default: rules.")
  var directory: String?

  @OptionGroup var keys: KeyOptions

  @OptionGroup var junit: JUnitOption

  func run() throws {
    let outcomes: [RuleTestRunner.Outcome]
    do {
      let rules = try rulesDirectory(directory)
      let keys = try keys.keyRings()
      outcomes = try RuleTestRunner(rules, natives: .builtin(keys: keys)).run()
    } catch let errors as RuleErrors {
      throw try junit.failed(errors, in: directory)
    } catch let error as RuleError {
      throw try junit.failed(RuleErrors([error]), in: directory)
    }
    let failed = try TestReport(outcomes).write(to: .standardOutput)
    try junit.write(outcomes, of: directory)
    if failed > 0 { throw ExitStatus.refused }
  }
}

/// Test outcomes as a good test runner prints them.
struct TestReport {
  let outcomes: [RuleTestRunner.Outcome]

  init(_ outcomes: [RuleTestRunner.Outcome]) { self.outcomes = outcomes }

  /// Prints all outcomes and the count; how many failed.
  func write(to sink: OutputSink) throws -> Int {
    let terminal = Terminal(isTerminal: sink.isTerminal)
    var text = ""
    var file = ""
    for outcome in outcomes {
      if outcome.file != file {
        file = outcome.file
        text += terminal.paint(file, .bold) + "\n"
      }
      let mark = outcome.isPassed ? terminal.paint("✓", .green) : terminal.paint("✗", .red)
      text += "  \(mark) \(String.printable(outcome.name))" + (outcome.isPassed ? "" : " (line \(outcome.line))") + "\n"
      for problem in outcome.problems.map(String.printable) {
        text += "      " + (problem.hasPrefix("-") ? terminal.paint(problem, .red) : painted(problem, terminal)) + "\n"
      }
    }
    let failed = outcomes.count { !$0.isPassed }
    text += outcomes.isEmpty ? "no tests\n" : "\(outcomes.count - failed) passed, \(failed) failed\n"
    try sink.write(text.utf8)
    return failed
  }

  private func painted(_ problem: String, _ terminal: Terminal) -> String {
    problem.hasPrefix("+") ? terminal.paint(problem, .green) : problem
  }
}
