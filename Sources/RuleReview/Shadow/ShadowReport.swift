internal import Foundation
package import ProcessorHost

/// What a comparison of the set that runs with a candidate has shown so far.
package struct ShadowReport: Codable, Sendable {
  package enum State: String, Codable, Sendable {
    /// No directory of a candidate is set.
    case off
    /// There is no such directory.
    case absent
    /// The candidate is being loaded.
    case loading
    /// The candidate is what runs.
    case same
    /// The candidate does not load.
    case failing
    case comparing
  }

  /// Something that is wrong with the candidate.
  package struct Fault: Codable, Sendable, Equatable {
    package var file: String
    package var line: Int?
    package var source: String?
    package var message: String

    package init(_ error: RuleError) {
      file = error.file
      line = error.line
      source = error.sourceLine
      message = error.message
    }
  }

  package var state: State
  /// Where the candidate is looked for.
  package var directory: String?
  /// The digest of the rules that run.
  package var live: String
  /// The digest of the candidate, where it could be read.
  package var candidate: String?
  /// Since when these two are compared.
  package var since: String?
  /// Spans that went through both.
  package var spans = 0
  /// Spans that did not, for want of time or room.
  package var passedOver = 0
  /// How many changes of each kind, as far as there were some; a span can have several.
  package var counts: [String: Int] = [:]
  package var changes: [ShadowChange] = []
  /// What the change means by itself, whatever spans come: tighter, looser or other.
  package var verdict: ReviewVerdict?
  package var findings: [ReviewFinding] = []
  package var errors: [Fault] = []

  package init(_ state: State, live: String) {
    self.state = state
    self.live = live
  }

  /// Whether anything is, or may be, newly visible: true also where nothing was compared, unless it is proven.
  package var mayReveal: Bool {
    switch state {
    case .same: false
    case .off, .absent, .loading, .failing: true
    case .comparing:
      verdict == .looser || verdict == .other || verdict == nil
        || changes.contains { $0.kind == .newlyVisible || $0.kind == .newlyKept }
    }
  }

  /// Reads what `json` wrote.
  package init(json: [UInt8]) throws { self = try JSONDecoder().decode(Self.self, from: Data(json)) }

  package func json() throws -> [UInt8] { try ReviewJSON.encode(self) }
}

extension ShadowReport {
  /// The report for a person.
  package func page(_ format: any PageFormat.Type) -> String {
    var lines = [format.title(title, 1)]
    if let directory { lines.append(format.item("candidate: \(format.code(.printable(directory)))")) }
    lines.append(format.item("digest in force: \(format.code(.printable(live)))"))
    if let candidate { lines.append(format.item("digest of the candidate: \(format.code(.printable(candidate)))")) }
    for error in errors {
      let place = error.line.map { "\(error.file):\($0)" } ?? error.file
      lines.append(format.item(format.plain("\(place): \(error.message)")))
    }
    if state == .comparing { lines += pageOfComparison(format) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var title: String {
    switch state {
    case .off: "No candidate: rules.shadow names no directory"
    case .absent: "No candidate: there is no such directory"
    case .loading: "The candidate is being loaded"
    case .same: "The candidate is what runs"
    case .failing: "The candidate does not load"
    case .comparing: "Candidate compared with the rules in force: \(verdict?.rawValue ?? "other")"
    }
  }

  private func pageOfComparison(_ format: any PageFormat.Type) -> [String] {
    var lines = [format.item("\(spans) spans compared since \(since ?? "?"), \(passedOver) passed over")]
    for verdict in [ReviewVerdict.looser, .other, .tighter] {
      let findings = findings.filter { $0.verdict == verdict }
      if findings.isEmpty { continue }
      lines.append(format.title("By the rules themselves: \(verdict.rawValue)", 2))
      lines += findings.map {
        format.item(format.plain("\($0.place.isEmpty ? "" : "\($0.place): ")\($0.message)"))
      }
    }
    lines.append(format.title("On spans", 2))
    if changes.isEmpty {
      lines.append(format.item("nothing would change"))
      return lines
    }
    let rows = changes.map { change in
      [
        change.kind.rawValue, format.code(.printable(change.path)), "\(change.spans)", "\(change.amount)",
        change.characters.joined(separator: " "), format.plain(change.reason),
      ]
    }
    return lines + format.table([["change", "path", "spans", "bytes", "characters", "reason"]] + rows)
  }
}
