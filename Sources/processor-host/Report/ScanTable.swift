internal import BuiltinProcessors
internal import ProcessorHost

/// A scan's report as a table for people.
struct ScanTable {
  private static let headings = ["found by", "where", "key", "hits", "spans", "traces", "sample", "trace", "span"]
  private static let gap = "  "
  /// The columns of numbers, which stand to the right.
  private static let numbers = 3...5
  private static let key = 2
  private static let span = 8

  private let report: ScanReport
  private var rows: [[String]]
  private var widths: [Int]

  /// - Parameter columns: how wide the terminal is; nil where lines may be as long as they like.
  init(_ report: ScanReport, columns: Int?) {
    self.report = report
    rows = [Self.headings] + report.findings.map(Self.cells)
    widths = Self.widths(of: rows)
    guard let columns else { return }
    // Names are the only cells that may be long; the span's can be looked up by its trace.
    for (column, least) in [(Self.span, 12), (Self.key, 24)] {
      let excess = widths.reduce(0, +) + Self.gap.count * (widths.count - 1) - columns
      if excess <= 0 { break }
      let width = max(widths[column] - excess, least)
      for row in rows.indices { rows[row][column] = Self.shortened(rows[row][column], to: width) }
      widths = Self.widths(of: rows)
    }
  }

  func render(_ terminal: Terminal) -> String {
    if report.isClean { return terminal.paint(report.summary, .green) + "\n" }
    var lines = [terminal.paint(line(rows[0]), .bold)]
    var detector = ""
    for row in rows.dropFirst() {
      let text = line(row)
      // A kind is named in colour where its rows begin.
      let start = text.prefix(row[0].count)
      lines.append(terminal.paint(String(start), row[0] == detector ? .dim : .yellow) + text.dropFirst(start.count))
      detector = row[0]
    }
    if let note = report.note { lines += ["", terminal.paint(note, .dim)] }
    lines +=
      [
        "",
        "To hide it, put these steps under hide in rules/redact.lua, beside those that stand there:",
        "",
      ] + report.hint.map { "  " + $0 }
    lines += ["", terminal.paint(report.summary, .bold)]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func cells(_ finding: ScanFinding) -> [String] {
    let place = finding.place
    let perSpan = place.surface.carrier == .span
    return [
      place.detector, place.surface.rawValue, place.key.map(AttributeValue.escaped) ?? "", "\(finding.hits)",
      perSpan ? "\(finding.spans)" : "-", perSpan ? "\(finding.traces)" : "-", finding.sample,
      finding.example.map { "\($0.traceID)" } ?? "", finding.example.map { AttributeValue.escaped($0.name) } ?? "",
    ]
  }

  private static func widths(of rows: [[String]]) -> [Int] {
    headings.indices.map { column in rows.lazy.map { $0[column].count }.max() ?? 0 }
  }

  private static func shortened(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }

  private func line(_ cells: [String]) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: widths[column] - cell.count)
      if column > 0 { line += Self.gap }
      line += Self.numbers.contains(column) ? padding + cell : cell + padding
    }
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}
