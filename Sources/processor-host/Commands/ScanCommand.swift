internal import ArgumentParser
internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost

/// `processor-host scan`: what leaks today?
struct ScanCommand: ParsableCommand {
  /// How the report is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    /// A table for people.
    case text
    case json
    /// A table to paste into an issue.
    case markdown
  }

  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Find what looks secret in recorded spans, as they are.",
    discussion: """
      No rule runs. It looks for keys that hold a secret word, and inside every text for what looks like a secret, \
      wherever a span, its resource or its scope can hold text. Secrets are shown masked: their first two characters \
      at most. Found is what hiding would change, so spans that were hidden before leave nothing to find.

      The words are those of lists/secret_words.txt in the rules directory, except for the names in \
      lists/harmless_names.txt; without these files they are the ones that ship.

      An input is OTLP protobuf, OTLP/JSON or JSON lines, told by its content, also packed with gzip; - is standard \
      input. The report goes to standard output, what was refused is said on standard error.

      Exit status: 0 nothing found; 1 nothing found, but some input was refused; 2 wrong usage; 3 a list of words \
      could not be loaded; 5 something was found, whether or not some input was refused.
      """)

  @Option(help: "How the report is written: text, json or markdown.")
  var format: Format = .text

  @Option(help: ArgumentHelp("The rules directory, for its lists of words. Default: rules.", valueName: "dir"))
  var rules: String?

  @Flag(
    help: ArgumentHelp(
      "Look also for what is often none: \(HidePolicy.furtherTextDetectors.joined(separator: ", "))."))
  var all = false

  @Argument(help: "Recordings; - is standard input.")
  var inputs: [String]

  func run() throws {
    let (host, log) = try makeHost()
    var admitted = AdmittedInputs()
    for path in inputs { try admitted.read(path) { _ = host.processAndWait($0) } }
    if let note = admitted.jsonNotes.sentence { StandardError.write(note) }
    var report = log.current
    report.refused = admitted.refused
    var status: ExitStatus = report.isClean ? report.refused > 0 ? .refused : .done : .found
    if report.spans == 0, status == .done {
      // A gate that passes because it was shown the wrong file is none.
      let terminal = Terminal(isTerminal: StandardError.isTerminal)
      StandardError.write(
        terminal.paint("error: ", .red)
          + "there is no span in the input: nothing was scanned; is it a recording of traces?")
      status = .refused
    }
    do {
      try write(report)
    } catch is OutputSink.Closed {
      // What was found does not hang on who reads on.
    } catch let failure as OutputSink.Failure {
      StandardError.write("\(failure)")
      throw ExitStatus.refused
    }
    if status != .done { throw status }
  }

  private func makeHost() throws -> (SpanProcessorHost, ScanLog) {
    do {
      let lists = try ScanLists(directory: rules)
      let policy = ScanPolicy(
        words: lists.words, except: lists.harmlessNames, isComplete: all, origin: lists.wordsOrigin)
      let host = try SpanProcessorHost(SpanProcessorHost.Configuration(hide: policy.policy))
      let log = ScanLog(policy)
      host.observe { ScanObserver(log) }
      return (host, log)
    } catch let errors as RuleErrors {
      throw RuleOptions.failed(errors)
    } catch let error as RuleError {
      throw RuleOptions.failed(RuleErrors([error]))
    }
  }

  private func write(_ report: ScanReport) throws {
    let sink = OutputSink.standardOutput
    switch format {
    case .json: try sink.write(report.json())
    case .markdown: try sink.write(report.markdown().utf8)
    case .text:
      let table = ScanTable(report, columns: sink.columns)
      try sink.write(table.render(Terminal(isTerminal: sink.isTerminal)).utf8)
    }
  }
}

/// The words that a scan looks for, and what it leaves alone.
private struct ScanLists {
  var words = SecretWords.standard
  var harmlessNames = SecretWords.harmlessNames
  /// Where the words come from, for messages.
  var wordsOrigin = "the words that ship"

  /// Takes each list from the directory where it is there; without a name the directory is `rules`, if there is one.
  init(directory path: String?) throws {
    guard let path = path ?? (FileManager.default.fileExists(atPath: "rules/lists") ? "rules" : nil) else { return }
    let lists = try RuleDirectory(contentsOf: path).lists
    if let list = lists["secret_words"] {
      words = try list.listItems()
      wordsOrigin = list.file
      guard !words.isEmpty else {
        throw RuleError(file: list.file, message: "the list is empty; no key would be found")
      }
    }
    if let list = lists["harmless_names"] { harmlessNames = try list.listItems() }
  }
}
