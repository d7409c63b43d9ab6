internal import ArgumentParser
internal import BuiltinProcessors
internal import ProcessorHost
internal import RuleReview

/// `processor-host test`: the tests beside the rules.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests that stand beside the rules.",
    discussion: """
      Exit status: 0 all passed; 1 a test failed, or the tests touch less than --minimum; 3 a rule or a test could not \
      be loaded.
      """)

  @Argument(help: "The rules directory. Default: rules.")
  var directory: String?

  @Flag(help: "Say which words, detectors and other entries, and which lines of hooks, no test touches.")
  var coverage = false

  @Option(
    help: ArgumentHelp("With --coverage: the least that tests have to touch of all rules.", valueName: "percent"))
  var minimum: Int?

  @Option(help: "How the outcome is written: text or json.")
  var format: Format = .text

  @OptionGroup var keys: KeyOptions

  @OptionGroup var junit: JUnitOption

  /// How the outcome is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  func validate() throws {
    guard let minimum else { return }
    guard coverage else { throw ValidationError("--minimum is about coverage; give --coverage too") }
    guard (0...100).contains(minimum) else {
      throw ValidationError("--minimum takes a whole number from 0 to 100, not \(minimum)")
    }
  }

  func run() throws {
    let outcomes: [RuleTestRunner.Outcome]
    var touched: [RuleCoverage]?
    do {
      let rules = try rulesDirectory(directory)
      let runner = RuleTestRunner(rules, natives: .builtin(keys: try keys.keyRings()))
      if coverage {
        let (all, found) = try runner.runWithCoverage()
        (outcomes, touched) = (all, found)
      } else {
        outcomes = try runner.run()
      }
    } catch let errors as RuleErrors {
      throw try junit.failed(errors, in: directory)
    } catch let error as RuleError {
      throw try junit.failed(RuleErrors([error]), in: directory)
    }
    let failed = try write(outcomes, touched)
    try junit.write(outcomes, of: directory)
    if let touched, let minimum, touched.tally.percent < minimum {
      StandardError.write(
        Terminal(isTerminal: StandardError.isTerminal).paint("error: ", .red)
          + "the tests touch \(touched.tally.percent)% of the rules, and \(minimum)% are asked for; "
          + "write tests for what is named above, or ask for less with --minimum")
      throw ExitStatus.refused
    }
    if failed > 0 { throw ExitStatus.refused }
  }

  /// Writes everything; how many tests failed.
  private func write(_ outcomes: [RuleTestRunner.Outcome], _ touched: [RuleCoverage]?) throws -> Int {
    let sink = OutputSink.standardOutput
    if format == .json {
      try sink.write(try ReviewJSON.encode(TestDocument(outcomes, touched)))
      return outcomes.count { !$0.isPassed }
    }
    let failed = try TestReport(outcomes).write(to: sink)
    if let touched { try sink.write(CoverageReport(touched).text.utf8) }
    return failed
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
