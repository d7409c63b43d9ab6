internal import ProcessorHost

/// What the tests of rules touch and what they do not, as tools of this kind print it.
struct CoverageReport {
  private let rules: [RuleCoverage]

  init(_ rules: [RuleCoverage]) { self.rules = rules }

  /// The table, and below it a line for each thing that no test touches, with the place to go to.
  var text: String {
    var lines = ["", "coverage"] + table.map { "  " + $0 }
    let missing = rules.flatMap(Self.missing)
    if !missing.isEmpty { lines += ["", "touched by no test"] + missing.map { "  " + $0 } }
    return lines.joined(separator: "\n") + "\n"
  }

  private var table: [String] {
    var rows = [["rule", "tests", "entries", "missed", "lines", "missed", "cover", "missing lines"]]
    rows += rules.map { rule in
      Self.row(
        .printable(rule.rule), rule.tests, rule.tally,
        rule.missingLines.map { String(lines: $0) }.joined(separator: ", "))
    }
    rows.append(Self.row("total", rules.map(\.tests).reduce(0, +), rules.tally, ""))
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = row[0] + Self.spaces(widths[0] - row[0].count)
      for column in 1..<(row.count - 1) {
        line += Self.spaces(widths[column] - row[column].count + 2) + row[column]
      }
      return row.last?.isEmpty == false ? line + "  " + (row.last ?? "") : line
    }
  }

  private static func row(_ name: String, _ tests: Int, _ tally: RuleCoverage.Tally, _ missing: String) -> [String] {
    [
      name, "\(tests)", "\(tally.entries)", "\(tally.entries - tally.entriesTouched)", "\(tally.lines)",
      "\(tally.lines - tally.linesRun)", "\(tally.percent)%", missing,
    ]
  }

  /// What no test of a rule touches, `redact.lua:6: text iban` each.
  private static func missing(of rule: RuleCoverage) -> [String] {
    rule.entries.filter { !$0.isTouched }.map { entry in
      let place = entry.line.map { "\(entry.file):\($0)" } ?? entry.file
      return "\(String.printable(place)): \(entry.name)"
    }
      + rule.missingLines.map { "\(String.printable(rule.rule)).lua:\(String(lines: $0)): the hook's code" }
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}

/// How tests went, and what they touch, for programs.
struct TestDocument: Encodable {
  private var tests: [Test]
  private var coverage: Coverage?

  init(_ outcomes: [RuleTestRunner.Outcome], _ coverage: [RuleCoverage]?) {
    tests = outcomes.map {
      Test(
        file: $0.file, line: $0.line, name: .printable($0.name), passed: $0.isPassed,
        problems: $0.problems.map(String.printable))
    }
    self.coverage = coverage.map { Coverage(rules: $0.map(Rule.init), total: Tally($0.tally)) }
  }

  private struct Test: Encodable {
    var file: String
    var line: Int
    var name: String
    var passed: Bool
    var problems: [String]
  }

  private struct Coverage: Encodable {
    var rules: [Rule]
    var total: Tally
  }

  private struct Rule: Encodable {
    var name: String
    var tests: Int
    var entries: [Entry]
    var lines: [Int]
    var missingLines: [Int]
    var total: Tally

    init(_ rule: RuleCoverage) {
      name = rule.rule
      tests = rule.tests
      entries = rule.entries.map {
        Entry(
          matcher: $0.matcher, item: .printable($0.item), isException: $0.isException, file: $0.file, line: $0.line,
          isTouched: $0.isTouched)
      }
      lines = rule.lines.sorted()
      missingLines = rule.lines.subtracting(rule.linesRun).sorted()
      total = Tally(rule.tally)
    }
  }

  private struct Entry: Encodable {
    var matcher: String
    var item: String
    var isException: Bool
    var file: String
    var line: Int?
    var isTouched: Bool
  }

  private struct Tally: Encodable {
    var entries: Int
    var entriesTouched: Int
    var lines: Int
    var linesRun: Int
    var percent: Int

    init(_ tally: RuleCoverage.Tally) {
      entries = tally.entries
      entriesTouched = tally.entriesTouched
      lines = tally.lines
      linesRun = tally.linesRun
      percent = tally.percent
    }
  }
}

extension RuleCoverage.Entry {
  /// `words "token"`, or what its matcher leaves alone.
  fileprivate var name: String {
    let shown = matcher == "values" || matcher == "limit" ? item : "\"\(String.printable(item))\""
    return "match.\(matcher) ".replacing("match.limit", with: "limit") + (isException ? "except " : "") + shown
  }
}

extension String {
  /// A range of lines, `7` or `7-9`.
  fileprivate init(lines: ClosedRange<Int>) {
    self = lines.count == 1 ? "\(lines.lowerBound)" : "\(lines.lowerBound)-\(lines.upperBound)"
  }
}
