internal import ArgumentParser
internal import Foundation
internal import ProcessorHost

/// `processor-host process`: recordings through the rules.
struct ProcessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "process",
    abstract: "Run recorded spans through the rules.",
    discussion: """
      An input is OTLP protobuf, OTLP/JSON or JSON lines, told by its content, also packed with gzip; - is standard \
      input. Spans go to standard output, a summary to standard error.

      Exit status: 0 done; 1 some input was refused, the rest is processed; 2 wrong usage; 3 a rule could not be \
      loaded; 4 a span had to be stripped because a rule failed.
      """)

  @OptionGroup var ruleOptions: RuleOptions

  @Option(help: "How spans are written: json, jsonl, proto or text.")
  var format: OutputFormat = .json

  @Flag(help: "Say for each span, on standard error, what each rule did to it.")
  var explain = false

  @Option(help: ArgumentHelp("Write the spans to a file, which appears when all is done.", valueName: "file"))
  var output: String?

  @Argument(help: "Recordings; - is standard input.")
  var inputs: [String]

  func run() throws {
    let host = try ruleOptions.makeHost()
    if let output, inputs.contains(where: { samePlace($0, output) }) {
      throw ValidationError("--output names an input, which would be overwritten; name another file")
    }
    let sink: OutputSink
    do {
      sink = try output.map { path throws(OutputSink.Failure) in try OutputSink(path: path) } ?? .standardOutput
    } catch {
      throw ValidationError("\(error)")
    }
    var run = ProcessRun(host: host, writer: SpanWriter(format, sink), explains: explain)
    do {
      for path in inputs { try run.process(path) }
      try run.finish()
    } catch is OutputSink.Closed {
      throw ExitStatus.done
    } catch let failure as OutputSink.Failure {
      StandardError.write("\(failure)")
      throw ExitStatus.refused
    }
    let status = run.status
    if status != .done { throw status }
  }
}

/// Whether two paths name one file.
private func samePlace(_ left: String, _ right: String) -> Bool {
  URL(fileURLWithPath: left).resolvingSymlinksInPath() == URL(fileURLWithPath: right).resolvingSymlinksInPath()
}

/// One run over all inputs.
private struct ProcessRun {
  let host: SpanProcessorHost
  var writer: SpanWriter
  let explanations: Explanations?
  private var inputs = AdmittedInputs()
  private let started = ContinuousClock.now

  init(host: SpanProcessorHost, writer: SpanWriter, explains: Bool) {
    self.host = host
    self.writer = writer
    explanations = explains ? Explanations() : nil
    if let explanations {
      let steps = host.ruleSet.policy.steps
      host.observe { Explainer(explanations, steps) }
    }
  }

  mutating func process(_ path: String) throws {
    // A copy, since what is handed over goes to the writer beside it.
    var inputs = inputs
    defer { self.inputs = inputs }
    try inputs.read(path) { batch in
      try writer.write(host.processAndWait(batch))
      explanations?.flush()
    }
  }

  mutating func finish() throws {
    try writer.finish()
    let summary = Summary(
      ruleSet: host.ruleSet, reports: host.reports(), notes: inputs.notes, jsonNotes: inputs.jsonNotes,
      refused: inputs.refused, elapsed: ContinuousClock.now - started)
    StandardError.write(summary.render(Terminal(isTerminal: StandardError.isTerminal)))
  }

  var status: ExitStatus {
    if host.reports().contains(where: { $0.ledger.stripped > 0 }) { return .stripped }
    return inputs.refused > 0 ? .refused : .done
  }
}
