internal import ArgumentParser
internal import BuiltinProcessors
internal import ProcessorHost
internal import RuleReview

/// `processor-host audit`: one page of a set of rules for whoever reviews it.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Show on one page what a set of rules hides, what its code may do, and what may be lost.",
    discussion: """
      The rules are loaded, with the leak battery and their tests; nothing else runs.

      Exit status: 0 the page was written; 1 a test failed; 3 a rule or a test could not be loaded.
      """)

  @Argument(help: "The rules directory. Default: rules.")
  var directory: String?

  @Option(help: "How the page is written: text, json or markdown.")
  var format: ReportFormat = .text

  @OptionGroup var keys: KeyOptions

  func run() throws {
    let outcomes: [RuleTestRunner.Outcome]
    let audit: RuleAudit
    do {
      let directory = try rulesDirectory(directory)
      let keys = try keys.keyRings()
      let rules = try ReviewedRules(directory, keys: keys)
      let (ran, coverage) = try RuleTestRunner(directory, natives: .builtin(keys: keys)).runWithCoverage()
      outcomes = ran
      let tests = Dictionary(grouping: outcomes) { String($0.file.dropLast(".test.lua".count)) }
      audit = RuleAudit(rules, tests: tests.mapValues(\.count), coverage: coverage)
    } catch let errors as RuleErrors {
      throw RuleOptions.failed(errors)
    } catch let error as RuleError {
      throw RuleOptions.failed(RuleErrors([error]))
    }
    let sink = OutputSink.standardOutput
    switch format {
    case .json: try sink.write(try ReviewJSON.encode(audit))
    case .markdown: try sink.write(audit.page(MarkdownPage.self).utf8)
    case .text: try sink.write(audit.page(TextPage.self).utf8)
    }
    let failed = outcomes.filter { !$0.isPassed }
    for outcome in failed {
      StandardError.write("\(outcome.file):\(outcome.line): the test \"\(String.printable(outcome.name))\" fails")
    }
    if !failed.isEmpty { throw ExitStatus.refused }
  }
}

/// How a report is written.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
  case markdown
}
