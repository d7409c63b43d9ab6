internal import ProcessorHost

/// The configuration in force as YAML, with the origin of each value behind it. A host that is given the text as its
/// file runs with the same values, but for secrets, which are masked.
package struct ConfigurationText {
  private struct Row {
    var text: String
    var comment: String
  }

  private let resolved: ResolvedConfiguration
  private var rows: [Row] = []

  package init(_ resolved: ResolvedConfiguration) {
    self.resolved = resolved
    add(resolved.hostLines, indent: "", first: "")
    if resolved.configuration.exporters.isEmpty {
      rows.append(Row(text: "exporters: []", comment: "spans end behind the rules"))
    } else {
      rows.append(Row(text: "exporters:", comment: ""))
      for exporter in resolved.configuration.exporters {
        add(resolved.lines(of: exporter), indent: "    ", first: "  - ")
      }
    }
  }

  package var text: String {
    let width = min(rows.filter { !$0.comment.isEmpty }.map(\.text.count).max() ?? 0, 60)
    return rows.map { row in
      if row.comment.isEmpty { return row.text + "\n" }
      let padding = String(repeating: " ", count: max(width - row.text.count, 0))
      return "\(row.text)\(padding)  # \(row.comment)\n"
    }.joined()
  }

  /// Adds settings with a heading for each level that is new.
  private mutating func add(_ lines: [SettingLine], indent: String, first: String) {
    var open: [String] = []
    var lead = first.isEmpty ? indent : first
    for line in lines {
      let headings = Array(line.steps.dropLast())
      let common = zip(open, headings).prefix { $0 == $1 }.count
      for (depth, heading) in headings.enumerated().dropFirst(common) {
        rows.append(Row(text: "\(lead)\(Self.spaces(depth))\(heading):", comment: ""))
        lead = indent
      }
      open = headings
      add(line, lead, headings.count)
      lead = indent
    }
  }

  private mutating func add(_ line: SettingLine, _ lead: String, _ depth: Int) {
    let name = line.steps.last.map(Self.scalar) ?? ""
    let begins = lead + Self.spaces(depth)
    let comment = String.printable("\(line.origin)")
    switch line.value {
    case .nothing:
      let note = line.note.map { "default: \($0)" } ?? "not set"
      rows.append(Row(text: "\(begins)# \(name):", comment: note))
    case .scalar(let text):
      let mark = line.isInFiles ? "" : "# "
      rows.append(Row(text: "\(begins)\(mark)\(name): \(Self.scalar(text))", comment: comment))
    case .list(let items):
      let text = items.map(Self.scalar).joined(separator: ", ")
      rows.append(Row(text: "\(begins)\(name): [\(text)]", comment: comment))
    case .map: break
    }
  }

  private static func spaces(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

  /// A text as YAML has it: bare where it cannot be taken for anything else.
  private static func scalar(_ text: String) -> String {
    let isBare =
      text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._/:".utf8.contains(byte)
        }
      } && text.utf8.first.map { !"-:".utf8.contains($0) } ?? false && text.utf8.last != UInt8(ascii: ":")
    if isBare, text.lowercased() != "null" { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let digits = String(scalar.value, radix: 16, uppercase: true)
        quoted += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
