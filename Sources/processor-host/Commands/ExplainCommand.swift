internal import ArgumentParser
internal import ProcessorHost

/// `processor-host explain`: why did a trace leave as it did, or not at all?
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show every decision of the rules about the spans of one trace.",
    discussion: """
      For each span of the trace, in the order of the recordings: what each rule wrote and decided, what was hidden, by \
      which matcher and line of a rule, and what became of the span. Values are not shown.

      Rates are counted over these spans alone, so a rule that limits them may decide otherwise on live traffic.

      Exit status: 0 done; 1 the recordings hold no span of the trace, or some of them was refused; 2 wrong usage; 3 a \
      rule could not be loaded; 4 a span had to be stripped because a rule failed.
      """)

  @OptionGroup var ruleOptions: RuleOptions

  @Option(help: ArgumentHelp("The trace's id, 32 hexadecimal digits.", valueName: "id"))
  var trace: String

  @Argument(help: "Recordings; - is standard input.")
  var inputs: [String]

  func run() throws {
    let trace = trace.lowercased()
    guard trace.utf8.count == 32, trace.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else {
      throw ValidationError("--trace takes 32 hexadecimal digits, as backends show a trace's id")
    }
    let host = try ruleOptions.makeHost()
    let explanations = Explanations()
    let steps = host.ruleSet.policy.steps
    host.observe { Explainer(explanations, steps) }
    var admitted = AdmittedInputs()
    var spans = 0
    for path in inputs {
      try admitted.read(path) { batch in
        for (index, span) in PlainSpan.all(in: batch).enumerated() where span.traceID.description == trace {
          spans += 1
          _ = host.processAndWait(batch.slice(index..<index + 1))
          try OutputSink.standardOutput.write((explanations.take() + "\n").utf8)
        }
      }
    }
    if spans == 0 {
      StandardError.write("there is no span of the trace \(trace) in the recordings")
      throw ExitStatus.refused
    }
    if host.reports().contains(where: { $0.ledger.stripped > 0 }) { throw ExitStatus.stripped }
    if admitted.refused > 0 { throw ExitStatus.refused }
  }
}
