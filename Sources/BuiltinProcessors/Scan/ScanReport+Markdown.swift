internal import ProcessorHost

extension ScanReport {
  /// The report as Markdown, to paste into an issue.
  package func markdown() -> String {
    var lines = ["**\(summary)**"]
    if !isClean {
      lines += [
        "", "| detector | where | key | hits | spans | traces | sample | seen in |",
        "|---|---|---|--:|--:|--:|---|---|",
      ]
      lines += findings.map(Self.row)
      if let note { lines += ["", note] }
      lines += ["", "To hide it, a rule says:", "", "```lua"] + hint + ["```"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(_ finding: ScanFinding) -> String {
    let place = finding.place
    let perSpan = place.surface.carrier == .span
    let cells = [
      code(place.detector), place.surface.rawValue, place.key.map(code) ?? "", "\(finding.hits)",
      perSpan ? "\(finding.spans)" : "", perSpan ? "\(finding.traces)" : "", code(finding.sample),
      finding.example.map { "\(code($0.name)) in trace `\($0.traceID)`" } ?? "",
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  /// Text that nothing in it can end, neither the code span nor the table's cell.
  private static func code(_ text: String) -> String {
    let text = String.printable(text)
    if text.isEmpty { return "" }
    var run = 0
    var longest = 0
    for scalar in text.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let space = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    var escaped = ""
    for scalar in text.unicodeScalars { escaped += scalar == "|" ? "\\|" : String(scalar) }
    return fence + space + escaped + space + fence
  }
}
