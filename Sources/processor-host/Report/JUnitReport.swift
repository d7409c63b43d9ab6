internal import ProcessorHost

/// How tests went as JUnit XML, which continuous integration reads.
///
/// Each test file is a suite. What does not load is a suite with one test that has an error, so that it is shown there
/// as well. There are no times in it, so the same tests give the same report.
struct JUnitReport {
  /// One test, or one thing that did not load.
  private struct Case {
    var name: String
    var line: Int?
    /// What is wrong, and as which element it is written.
    var problem: (element: String, type: String, text: String)?
  }

  private struct Suite {
    /// The file's name inside the rules directory.
    var file: String
    var cases: [Case]

    func count(_ element: String) -> Int { cases.count { $0.problem?.element == element } }
  }

  /// The rules directory as the command line named it, so that paths are those of the repository.
  private let directory: String
  private var suites: [Suite] = []

  init(_ directory: String, _ outcomes: [RuleTestRunner.Outcome]) {
    self.directory = directory
    for outcome in outcomes {
      // Whoever wrote a test chose its characters; control characters, which XML does not have, become escapes.
      var test = Case(name: .printable(outcome.name), line: outcome.line)
      if !outcome.isPassed {
        test.problem = ("failure", "failed", outcome.problems.map(String.printable).joined(separator: "\n"))
      }
      add(test, of: outcome.file)
    }
  }

  init(_ directory: String, _ errors: RuleErrors) {
    self.directory = directory
    for error in errors.errors {
      add(Case(name: "loads", line: error.line, problem: ("error", "does not load", error.description)), of: error.file)
    }
  }

  private mutating func add(_ test: Case, of file: String) {
    if suites.last?.file != file { suites.append(Suite(file: file, cases: [])) }
    suites[suites.count - 1].cases.append(test)
  }

  func render() -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites" + attribute("name", "processor-host") + counts(suites) + ">\n"
    for suite in suites {
      let name = Self.rule(of: suite.file)
      text += "  <testsuite" + attribute("name", name) + attribute("file", path(suite.file)) + counts([suite])
      text += attribute("skipped", "0") + ">\n"
      for test in suite.cases { text += render(test, suite.file, name) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private func render(_ test: Case, _ file: String, _ name: String) -> String {
    var text = "    <testcase" + attribute("name", test.name) + attribute("classname", name)
    text += attribute("file", path(file))
    if let line = test.line { text += attribute("line", "\(line)") }
    guard let problem = test.problem else { return text + "/>\n" }
    let first = problem.text.split(separator: "\n").first.map(String.init) ?? ""
    text += ">\n      <\(problem.element)" + attribute("message", first) + attribute("type", problem.type) + ">"
    return text + Self.escaped(problem.text) + "</\(problem.element)>\n    </testcase>\n"
  }

  private func counts(_ suites: [Suite]) -> String {
    attribute("tests", "\(suites.reduce(0) { $0 + $1.cases.count })")
      + attribute("failures", "\(suites.reduce(0) { $0 + $1.count("failure") })")
      + attribute("errors", "\(suites.reduce(0) { $0 + $1.count("error") })")
  }

  /// The path from where the tool was started. An error about a directory has that already.
  private func path(_ file: String) -> String {
    let folder = directory.hasSuffix("/") ? directory : directory + "/"
    return .printable(file == directory || file.hasPrefix(folder) ? file : folder + file)
  }

  private static func rule(of file: String) -> String {
    for suffix in [".test.lua", ".lua"] where file.hasSuffix(suffix) { return String(file.dropLast(suffix.count)) }
    return file
  }

  private func attribute(_ name: String, _ value: String) -> String { " \(name)=\"\(Self.escaped(value))\"" }

  /// The text as XML writes it, in an attribute and between tags. U+FFFE and U+FFFF are no characters of XML.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
