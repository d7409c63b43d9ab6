internal import Foundation
internal import ProcessorHost

/// The answer of a review of a change: what it means, and what it is made of.
package struct ReviewReport: Codable {
  package var verdict: ReviewVerdict
  package var findings: [ReviewFinding]
  /// What it does to recorded spans, where some were given.
  package var recording: Recording?

  /// What became of recorded spans.
  package struct Recording: Codable {
    package var spans: Int
    package var newlyKept: Int
    package var newlyDropped: Int
    package var changes: [RecordingDiff.Change]
  }

  package init(_ diff: RuleSetDiff, _ recording: RecordingDiff?) {
    verdict = diff.verdict
    findings = diff.findings
    self.recording = recording.map {
      Recording(spans: $0.spans, newlyKept: $0.newlyKept, newlyDropped: $0.newlyDropped, changes: $0.changes)
    }
    // What a recording shows is a proof, whatever was thought before.
    if recording?.reveals == true { verdict = verdict + .looser }
  }

  /// Whether anything is, or may be, newly visible.
  package var mayReveal: Bool { verdict == .looser || verdict == .other }

  /// The report for a person.
  package func page(_ format: any PageFormat.Type) -> String {
    var lines = [format.title("Change of rules: \(verdict.rawValue)", 1), Self.meaning(verdict)]
    for kind in [ReviewVerdict.looser, .other, .tighter, .same] {
      let findings = findings.filter { $0.verdict == kind }
      if findings.isEmpty { continue }
      lines.append(format.title(Self.title(kind), 2))
      lines += findings.map { format.item(format.plain("\($0.place.isEmpty ? "" : "\($0.place): ")\($0.message)")) }
    }
    if let recording { lines += page(of: recording, format) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func page(of recording: Recording, _ format: any PageFormat.Type) -> [String] {
    var lines = [
      format.title("On \(recording.spans) recorded spans", 2),
      format.item("\(recording.newlyKept) leave that did not, \(recording.newlyDropped) no longer leave"),
    ]
    for change in recording.changes {
      let characters = change.characters.sorted().joined(separator: ", ")
      lines.append(
        format.item(
          "\(change.kind.rawValue): \(format.code(.printable(change.path))) in \(change.spans) spans, \(change.amount) bytes"
            + (characters.isEmpty ? "" : " (\(characters))")))
    }
    return lines
  }

  /// The report as JSON.
  package func json() throws -> [UInt8] { try ReviewJSON.encode(self) }

  private static func meaning(_ verdict: ReviewVerdict) -> String {
    switch verdict {
    case .same: "Nothing that matters for what leaves has changed."
    case .tighter: "Proven: nothing shows under the new rules that did not show under the old ones."
    case .other: "Not proven: more may show, or other spans may leave."
    case .looser: "Proven: something shows under the new rules that the old ones hide."
    }
  }

  private static func title(_ verdict: ReviewVerdict) -> String {
    switch verdict {
    case .same: "Worth knowing"
    case .tighter: "Tighter"
    case .other: "Not proven either way"
    case .looser: "Looser"
    }
  }
}

/// Reports as JSON, laid out for reading.
package enum ReviewJSON {
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }
}
