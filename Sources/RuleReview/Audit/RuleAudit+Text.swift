internal import ProcessorHost

/// How a page is laid out.
package protocol PageFormat {
  static func title(_ text: String, _ level: Int) -> String
  static func item(_ text: String) -> String
  /// Words of others within a line: nothing in them may be an instruction to who shows the page.
  static func plain(_ text: String) -> String
  static func code(_ text: String) -> String
  static func table(_ rows: [[String]]) -> [String]
}

/// For a terminal.
package enum TextPage: PageFormat {
  package static func title(_ text: String, _ level: Int) -> String { (level == 1 ? "" : "\n") + text }
  package static func item(_ text: String) -> String { "  " + text }
  package static func code(_ text: String) -> String { text }
  package static func plain(_ text: String) -> String { .printable(text) }

  package static func table(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }
      return "  " + cells.joined(separator: "  ")
    }
  }
}

/// For an issue or a review.
package enum MarkdownPage: PageFormat {
  package static func title(_ text: String, _ level: Int) -> String {
    (level == 1 ? "" : "\n") + String(repeating: "#", count: level) + " " + text + "\n"
  }
  package static func item(_ text: String) -> String { "- " + text }

  /// Names from rule files stand in code spans, in which nothing is an instruction to a renderer.
  package static func code(_ text: String) -> String { "`" + text.replacingBackticks() + "`" }

  package static func plain(_ text: String) -> String {
    String.printable(text).reduce(into: "") { $0 += special.contains($1) ? "\\\($1)" : String($1) }
  }

  /// What Markdown and HTML read as anything but itself within a line.
  private static let special: Set<Character> = [
    "\\", "`", "*", "_", "[", "]", "<", ">", "&", "|", "~",
  ]

  package static func table(_ rows: [[String]]) -> [String] {
    guard let head = rows.first else { return [] }
    let line = { (cells: [String]) in "| " + cells.map { $0.replacingPipes() }.joined(separator: " | ") + " |" }
    return [line(head), "|" + String(repeating: " --- |", count: head.count)] + rows.dropFirst().map(line)
  }
}

extension String {
  fileprivate func replacingBackticks() -> String { String(map { $0 == "`" ? "'" : $0 }) }
  fileprivate func replacingPipes() -> String {
    split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

extension RuleAudit {
  /// The page for a person.
  package func page(_ format: any PageFormat.Type) -> String {
    var lines = [format.title("Audit of rules", 1), "digest \(digest)"]
    lines += section("Look at first", concerns.map(format.plain), format)
    lines.append(format.title("Rules, in the order in which they run", 2))
    for rule in rules { lines += page(of: rule, format) }
    lines.append(format.title("What is hidden", 2))
    for step in steps { lines += page(of: step, format) }
    lines += section("What may be lost", losses.map(format.plain), format)
    lines += section(
      "Words with characters beyond ASCII",
      unusualWords.map {
        "\(format.code(.printable($0.word))) (\(format.plain($0.origin))): \($0.codePoints.joined(separator: " "))"
      },
      format)
    lines.append(format.title("Secrets planted and hidden, by surface", 2))
    lines += format.table(matrixRows)
    for (number, row) in matrix.enumerated() { lines.append(format.item("\(number + 1): match.\(row.matcher)")) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, _ items: [String], _ format: any PageFormat.Type) -> [String] {
    [format.title(title, 2)] + (items.isEmpty ? ["nothing"] : items).map(format.item)
  }

  private func page(of rule: Rule, _ format: any PageFormat.Type) -> [String] {
    var lines = ["\(format.code(.printable(rule.name))): \(format.plain(rule.about))"]
    lines += rule.powers.map { "  may \(format.plain($0))" }
    if rule.hasCode, rule.hooks != ["on_span"] || !rule.idleHooks.isEmpty {
      let all = rule.hooks + rule.idleHooks.map { "\($0), switched off by a setting" }
      lines.append("  hooks: \(all.joined(separator: "; "))")
    }
    if rule.hasCode, rule.powers.isEmpty { lines.append("  has code that may do nothing") }
    if !rule.hasCode { lines.append("  has no code that runs for a span") }
    if let policy = rule.onFailure { lines.append("  on failure: \(policy)") }
    lines += rule.settings.map {
      "  setting \(format.plain($0.name)): \(format.plain($0.value)), may be \(format.plain($0.allowed))"
    }
    lines.append("  \(rule.tests) tests")
    if let coverage = rule.coverage { lines += page(of: coverage, format) }
    return lines.map(format.item)
  }

  private func page(of coverage: Coverage, _ format: any PageFormat.Type) -> [String] {
    var lines: [String] = []
    if !coverage.touched.isEmpty { lines.append("  touched by tests: \(shown(coverage.touched, format))") }
    if !coverage.untouched.isEmpty { lines.append("  touched by no test: \(shown(coverage.untouched, format))") }
    if coverage.lines > 0 {
      let missing = coverage.missingLines.map { "\($0)" }.joined(separator: ", ")
      lines.append(
        "  lines of code: \(coverage.lines), " + (missing.isEmpty ? "all run by tests" : "run by no test: \(missing)"))
    }
    return lines
  }

  private func page(of step: Step, _ format: any PageFormat.Type) -> [String] {
    let condition = step.isConditional ? ", where a rule asks for it" : ""
    var lines = [
      "match.\(step.matcher) (\(step.action)), \(format.plain(step.origin))\(condition): \(shown(step.items, format))"
    ]
    if !step.except.isEmpty { lines.append("  leaves alone: \(shown(step.except, format))") }
    return lines.map(format.item)
  }

  private func shown(_ items: [String], _ format: any PageFormat.Type) -> String {
    items.map { format.code(.printable($0)) }.joined(separator: ", ")
  }

  private var matrixRows: [[String]] {
    [["surface"] + matrix.indices.map { "\($0 + 1)" }]
      + surfaces.enumerated().map { place, surface in
        [surface] + matrix.map { $0.planted[place].map { "\($0)" } ?? "." }
      }
  }
}
