internal import ProcessorHost

/// What happened to all spans, in a few lines.
struct Summary {
  let ruleSet: RuleSet
  let reports: [PipelineReport]
  let notes: DoorNotes
  let jsonNotes: JSONNotes
  let refused: Int
  let elapsed: Duration

  /// What the JSON reader passed over and put right, in all inputs.
  struct JSONNotes {
    private(set) var ignoredFields = 0
    private(set) var firstIgnored: String?
    private(set) var invalidText = 0

    mutating func add(_ notes: OTLPJSONNotes) {
      ignoredFields += notes.ignoredFields
      firstIgnored = firstIgnored ?? notes.ignoredPaths.first
      invalidText += notes.invalidStrings + notes.loneSurrogates
    }

    /// What was passed over; nil where nothing was.
    var sentence: String? {
      firstIgnored.map { first in
        "ignored: \(ignoredFields) JSON fields that OTLP does not have, \(AttributeValue.escaped(first)) first"
      }
    }
  }

  func render(_ terminal: Terminal) -> String {
    let ledger = reports.map(\.ledger).reduce(into: SpanLedger()) { $0 += $1 }
    var lines = ["\(ledger.received) spans in, \(ledger.emitted) out, in \(Self.time(elapsed))"]
    lines += counts("dropped", ledger.dropped)
    lines += counts("sampled out", ledger.sampledOut)
    lines += hidden()
    lines += stages()
    lines += counts("skipped, as it kept failing", ledger.skipped)
    for (place, count) in ledger.failures.sorted(by: { $0.key < $1.key }) {
      lines.append(terminal.paint("failed", .red) + ": \(place) (\(count) times)")
    }
    if ledger.stripped > 0 { lines.append(terminal.paint("stripped", .red) + ": \(ledger.stripped) spans") }
    lines += putRight()
    if let ignored = jsonNotes.sentence { lines.append(ignored) }
    if refused > 0 { lines.append(terminal.paint("refused", .red) + ": \(refused), as said above") }
    return lines.joined(separator: "\n")
  }

  private func counts(_ what: String, _ counts: [String: Int]) -> [String] {
    if counts.isEmpty { return [] }
    let parts = counts.sorted { $0.key < $1.key }.map { "\(String.printable($0.key)) \($0.value)" }
    return ["\(what): \(parts.joined(separator: ", "))"]
  }

  /// How often each step of the hide policy hit.
  private func hidden() -> [String] {
    var hits = [Int](repeating: 0, count: ruleSet.policy.steps.count)
    for report in reports {
      for (index, count) in report.hideHits.enumerated() where hits.indices.contains(index) { hits[index] += count }
    }
    return zip(ruleSet.policy.steps, hits).filter { $0.1 > 0 }.map { step, count in
      "hidden: \(count) by \(step.matcher.name) (\(step.action.name)), \(step.origin)"
    }
  }

  private func stages() -> [String] {
    var byName: [String: (edits: Int, steps: Int)] = [:]
    var order: [String] = []
    for stage in reports.flatMap(\.stages) {
      if byName[stage.name] == nil { order.append(stage.name) }
      byName[stage.name, default: (0, 0)].edits += stage.edits
      byName[stage.name, default: (0, 0)].steps += stage.steps
    }
    return order.compactMap { name in byName[name].map { "\(name): \($0.edits) edits, \($0.steps) steps" } }
  }

  /// What the door mended.
  private func putRight() -> [String] {
    let mended: [(Int, String)] = [
      (notes.repeatedFields, "fields given twice"), (notes.oneofConflicts, "values given in several kinds"),
      (notes.groups, "groups dropped"), (notes.invalidStrings + jsonNotes.invalidText, "strings that were not UTF-8"),
      (notes.reorderedContainers, "containers put in order"),
      (notes.unknownRequestFields, "unknown request fields dropped"),
    ]
    let parts = mended.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return parts.isEmpty ? [] : ["put right: \(parts.joined(separator: ", "))"]
  }

  private static func time(_ elapsed: Duration) -> String {
    let milliseconds = Double(elapsed / .microseconds(1)) / 1000
    return milliseconds < 1000 ? "\((milliseconds * 10).rounded() / 10) ms" : "\((milliseconds / 10).rounded() / 100) s"
  }
}
