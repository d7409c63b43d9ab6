internal import ArgumentParser
internal import BuiltinProcessors
internal import ProcessorHost
internal import RuleReview

/// `processor-host diff`: what does a change of the rules mean for what leaves?
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two sets of rules: does the new one show anything more?",
    discussion: """
      Tighter and looser are proven, other is what lies between; a change of code that runs for a span is always other. \
      With --spans both sets run over recordings, and what shows under one alone is counted, by path, amount and kind \
      of characters; the values themselves are never written.

      Exit status: 0 nothing can be newly visible; 1 something is, or may be; 2 wrong usage; 3 a rule could not be \
      loaded.
      """)

  @Argument(help: "The rules directory that is in force.")
  var old: String

  @Argument(help: "The rules directory that is to be.")
  var new: String

  @Option(
    name: .customLong("spans"), help: ArgumentHelp("A recording; may be given several times.", valueName: "recording"))
  var recordings: [String] = []

  @Option(help: "How the report is written: text, json or markdown.")
  var format: ReportFormat = .text

  @OptionGroup var keys: KeyOptions

  func run() throws {
    let report = try compare()
    let sink = OutputSink.standardOutput
    do {
      switch format {
      case .json: try sink.write(try report.json())
      case .markdown: try sink.write(report.page(MarkdownPage.self).utf8)
      case .text: try sink.write(report.page(TextPage.self).utf8)
      }
    } catch is OutputSink.Closed {
      // The verdict does not hang on who reads on.
    }
    if report.mayReveal { throw ExitStatus.refused }
  }

  private func compare() throws -> ReviewReport {
    let keys = try keys.keyRings()
    let before = try load(old, keys)
    let after = try load(new, keys)
    let diff = try RuleSetDiff(before, after, keys: keys)
    if recordings.isEmpty { return ReviewReport(diff, nil) }
    var recording = try RecordingDiff(before, after, keys: keys)
    var admitted = AdmittedInputs()
    for path in recordings { try admitted.read(path) { recording.add($0) } }
    if let note = admitted.jsonNotes.sentence { StandardError.write(note) }
    guard recording.spans > 0 else {
      // A gate that passes because it was shown the wrong file is none.
      StandardError.write("error: there is no span in the recordings; are they recordings of traces?")
      throw ExitStatus.refused
    }
    return ReviewReport(diff, recording)
  }

  private func load(_ path: String, _ keys: [String: PseudonymKeyRing]) throws -> ReviewedRules {
    do {
      return try ReviewedRules(RuleDirectory(contentsOf: path), keys: keys)
    } catch let errors as RuleErrors {
      StandardError.write("in \(path):")
      throw RuleOptions.failed(errors)
    }
  }
}
