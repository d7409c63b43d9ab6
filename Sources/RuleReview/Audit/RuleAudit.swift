internal import BuiltinProcessors
package import ProcessorHost

/// What a reviewer has to know of a set of rules, on one page: what is hidden, what code may do, and what may be lost.
package struct RuleAudit: Sendable, Codable {
  /// One rule.
  package struct Rule: Sendable, Codable {
    package var name: String
    package var about: String
    package var hasCode: Bool
    /// The hooks that run, and those that a setting has switched off.
    package var hooks: [String]
    package var idleHooks: [String]
    /// What its code may do beyond hiding.
    package var powers: [String]
    /// What happens to a span on which its code fails.
    package var onFailure: String?
    package var settings: [Setting]
    package var tests: Int
    /// What of it they touch; nil where nobody measured it.
    package var coverage: Coverage?
  }

  /// What the tests of a rule touch. It says what was tried, not that what came out was looked at.
  package struct Coverage: Sendable, Codable {
    /// Words, detectors and other entries that hit something in a test's span, and those that hit nothing.
    package var touched: [String]
    package var untouched: [String]
    package var lines: Int
    /// Lines of code that no test runs.
    package var missingLines: [Int]
  }

  /// A setting that ops may move.
  package struct Setting: Sendable, Codable {
    package var name: String
    package var value: String
    package var allowed: String
  }

  /// One step of the hiding.
  package struct Step: Sendable, Codable {
    package var matcher: String
    package var action: String
    package var origin: String
    /// What it looks for: terms, names, detectors, patterns.
    package var items: [String]
    /// What it leaves alone.
    package var except: [String]
    package var isConditional: Bool
  }

  /// A matcher against all surfaces: how many secrets were planted and hidden; nil where none can stand.
  package struct Row: Sendable, Codable {
    package var matcher: String
    package var planted: [Int?]
  }

  /// A word with characters beyond ASCII, which can look like another.
  package struct UnusualWord: Sendable, Codable {
    package var word: String
    package var origin: String
    package var codePoints: [String]
  }

  package var digest: String
  package var rules: [Rule]
  /// Rule files that are not in the chain.
  package var idle: [String]
  package var steps: [Step]
  package var surfaces: [String]
  package var matrix: [Row]
  /// What may be lost, and why.
  package var losses: [String]
  package var unusualWords: [UnusualWord]
  /// What a reviewer should look at first.
  package var concerns: [String]

  /// Reads a set that has been loaded.
  /// - Parameters:
  ///   - tests: how many tests each rule has.
  ///   - coverage: what they touch.
  package init(_ rules: ReviewedRules, tests: [String: Int], coverage: [RuleCoverage] = []) {
    digest = rules.directory.digest
    self.rules = rules.rules.map { rule in
      Rule(rule, tests: tests[rule.name] ?? 0, coverage.first { $0.rule == rule.name })
    }
    let running = rules.rules
    idle = rules.directory.rules.keys.filter { name in !running.contains { $0.name == name } }.sorted()
    steps = rules.policy.steps.map(Step.init)
    surfaces = LeakSurface.allCases.map(\.rawValue)
    matrix = rules.ruleSet.leaks.rows.map(Row.init)
    losses = Self.losses(rules)
    unusualWords = steps.flatMap { step in
      step.items.filter { !$0.utf8.allSatisfy { $0 < 0x80 } }.map { UnusualWord($0, step.origin) }
    }
    concerns = []
    concerns = Self.concerns(self)
  }

  private static func losses(_ rules: ReviewedRules) -> [String] {
    var losses: [String] = []
    for rule in rules.rules {
      let what = rule.hasTraceHook ? "traces" : "spans"
      losses += rule.powers.dropReasons.map { "whole \(what): \(rule.name) drops them, reason \($0)" }
      if !rule.powers.sampleReasons.isEmpty {
        let reasons = rule.powers.sampleReasons.joined(separator: ", ")
        losses.append(
          "whole \(what): \(rule.name) says which are kept for certain and which by a share, reasons \(reasons)")
      }
      switch rule.failurePolicy {
      case .drop where rule.hasSpanHook: losses.append("whole spans: \(rule.name) fails on them (on_failure is drop)")
      case .strip where rule.hasSpanHook:
        losses.append("all but the frame of spans on which \(rule.name) fails (strip)")
      default: break
      }
    }
    for step in rules.policy.steps {
      switch (step.matcher, step.action) {
      case (.beyond(let limits), _):
        losses.append("attributes, events and links beyond \(limits.text) (\(step.origin))")
      case (_, .remove): losses.append("attributes that \(step.matcher.name) finds (\(step.origin))")
      case (_, .cut(let length)): losses.append("the ends of texts beyond \(length) characters (\(step.origin))")
      default: break
      }
    }
    return losses
  }

  private static func concerns(_ audit: RuleAudit) -> [String] {
    var concerns: [String] = []
    for rule in audit.rules where rule.powers.contains(where: { $0.hasPrefix("write free text") }) {
      concerns.append("\(rule.name) may write free text: what it copies there is hidden only by what it looks like")
    }
    for rule in audit.rules where rule.tests == 0 { concerns.append("\(rule.name) has no tests") }
    for rule in audit.rules where rule.tests > 0 {
      guard let coverage = rule.coverage else { continue }
      let (untouched, all) = (coverage.untouched.count, coverage.untouched.count + coverage.touched.count)
      if untouched > 0 {
        concerns.append("of the \(all) things that \(rule.name) hides by, no test touches \(untouched)")
      }
      if !coverage.missingLines.isEmpty {
        concerns.append(
          "of the \(coverage.lines) lines of \(rule.name)'s code, no test runs \(coverage.missingLines.count)")
      }
    }
    for rule in audit.rules where rule.onFailure == "pass" && rule.hasCode {
      concerns.append(
        "a span on which \(rule.name) fails leaves without what its code does; hiding is applied all the same")
    }
    for rule in audit.rules where rule.hooks.contains("on_trace") {
      concerns.append(
        "\(rule.name) looks at whole traces: spans are held until theirs is decided, and one on which it fails is kept")
    }
    for rule in audit.rules where !rule.idleHooks.isEmpty {
      concerns.append(
        "\(rule.idleHooks.joined(separator: ", ")) of \(rule.name) is switched off by a setting, which ops may move")
    }
    for rule in audit.rules where !rule.settings.isEmpty && !rule.hasCode {
      concerns.append("what \(rule.name) hides may hang on its settings; this page has their values from the file")
    }
    if audit.steps.isEmpty { concerns.append("nothing is hidden") }
    for step in audit.steps where !step.except.isEmpty {
      concerns.append("\(step.origin) leaves \(step.except.count) names alone")
    }
    for name in audit.idle { concerns.append("\(name).lua is not in the chain and does not run") }
    if !audit.unusualWords.isEmpty { concerns.append("\(audit.unusualWords.count) words hold characters beyond ASCII") }
    return concerns
  }
}

extension RuleAudit.Rule {
  fileprivate init(_ rule: RuleDefinition, tests: Int, _ coverage: RuleCoverage?) {
    name = rule.name
    about = rule.about
    hasCode = rule.hasCode
    hooks = rule.hooks
    idleHooks = rule.idleHooks
    powers = RulePowers(rule).all + rule.conditionalSteps.map { "hide by \($0.step.matcher.name)" }
    onFailure = rule.hasSpanHook ? rule.failurePolicy.rawValue : nil
    settings = rule.settings.map {
      RuleAudit.Setting(name: $0.name, value: $0.valueText, allowed: $0.allowedText)
    }
    self.tests = tests
    self.coverage = coverage.map { coverage in
      RuleAudit.Coverage(
        touched: coverage.entries.filter(\.isTouched).map(\.label),
        untouched: coverage.entries.filter { !$0.isTouched }.map(\.label), lines: coverage.lines.count,
        missingLines: coverage.lines.subtracting(coverage.linesRun).sorted())
    }
  }
}

extension RuleCoverage.Entry {
  /// The entry, and that it is one that is left alone.
  fileprivate var label: String { isException ? "except \(item)" : item }
}

extension RuleAudit.Step {
  fileprivate init(_ step: HideStep) {
    matcher = step.matcher.name
    action = step.action.text
    origin = step.origin
    isConditional = step.isConditional
    except = []
    switch step.matcher {
    case .words(let terms, let exceptions):
      items = terms
      except = exceptions
    case .names(let names), .query(let names), .text(let names): items = names
    case .prefixes(let prefixes): items = prefixes.map { $0 + "*" }
    // A value that is looked for may be a secret itself.
    case .values(let values): items = ["\(values.count) values"]
    case .patterns(let patterns, _): items = patterns
    case .beyond(let limits): items = [limits.text]
    }
  }
}

extension RuleAudit.Row {
  fileprivate init(_ row: LeakMatrix.Row) {
    matcher = row.matcher
    planted = row.cells.map { cell in
      switch cell {
      case .none: nil
      case .hidden(let count): count
      case .leak: 0
      }
    }
  }
}

extension RuleAudit.UnusualWord {
  fileprivate init(_ word: String, _ origin: String) {
    self.word = word
    self.origin = origin
    codePoints = word.unicodeScalars.filter { $0.value >= 0x80 }.map { scalar in
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }
}
