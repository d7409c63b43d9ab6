internal import ArgumentParser
internal import ProcessorHost

/// Where `check` and `test` write how the tests went, beside what they print.
struct JUnitOption: ParsableArguments {
  @Option(
    name: .customLong("junit"),
    help: ArgumentHelp("Also write how the tests went to a file, as JUnit XML.", valueName: "file"))
  var path: String?

  func write(_ outcomes: [RuleTestRunner.Outcome], of directory: String?) throws {
    try write(JUnitReport(directory ?? "rules", outcomes))
  }

  /// Says what did not load, there too; the status to end with.
  func failed(_ errors: RuleErrors, in directory: String?) throws -> ExitStatus {
    let status = RuleOptions.failed(errors)
    try write(JUnitReport(directory ?? "rules", errors))
    return status
  }

  private func write(_ report: JUnitReport) throws {
    guard let path else { return }
    do {
      let sink = try OutputSink(path: path)
      try sink.write(report.render().utf8)
      try sink.finish()
    } catch let failure as OutputSink.Failure {
      throw ValidationError("\(failure)")
    }
  }
}
