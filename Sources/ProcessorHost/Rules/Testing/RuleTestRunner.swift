/// Runs the tests of a rules directory, each against its rule alone.
package struct RuleTestRunner {
  /// How a test went.
  package struct Outcome: Sendable {
    package var file: String
    package var name: String
    package var line: Int
    /// What was wrong, a sentence or a line of a diff each; empty for a test that passed.
    package var problems: [String]

    package var isPassed: Bool { problems.isEmpty }
  }

  package var directory: RuleDirectory
  private let natives: RuleNatives

  package init(_ directory: RuleDirectory, natives: RuleNatives) {
    self.directory = directory
    self.natives = natives
  }

  /// Runs all tests, rule by rule in alphabetical order.
  /// - Throws: what is wrong with the test files or the rules.
  package func run() throws -> [Outcome] { try run([:]) }

  /// Runs all tests and says of each rule of the directory what they touch. Takes longer: every word is tried by itself.
  /// - Throws: what is wrong with the test files or the rules.
  package func runWithCoverage() throws -> (outcomes: [Outcome], coverage: [RuleCoverage]) {
    let recorders = directory.rules.mapValues { CoverageRecorder($0, lists: directory.lists, natives: natives) }
    let outcomes = try run(recorders)
    let coverage = try recorders.sorted { $0.key < $1.key }.map { try $0.value.coverage() }
    return (outcomes, coverage)
  }

  private func run(_ recorders: [String: CoverageRecorder]) throws -> [Outcome] {
    var outcomes: [Outcome] = []
    for (rule, source) in directory.tests.sorted(by: { $0.key < $1.key }) {
      guard directory.rules[rule] != nil else {
        throw RuleErrors([
          source.error(nil, "there is no rule \(rule).lua beside this test")
        ])
      }
      let lane = try Lane()
      let tests = try lane.runAndWait { () throws(RuleError) in try RuleTestReader(source: source).read() }
      for test in tests {
        guard let recorder = recorders[rule] else {
          outcomes.append(try run(test, of: rule, in: source, natives) { _ in })
          continue
        }
        let outcome = try recorder.record(settings: test.settings) { natives, begin in
          try run(test, of: rule, in: source, natives, begin)
        }
        outcomes.append(outcome)
      }
    }
    return outcomes
  }

  /// - Parameter begin: called with the host once everything is loaded.
  private func run(
    _ test: RuleTest, of rule: String, in source: RuleSource, _ natives: RuleNatives,
    _ begin: (SpanProcessorHost) -> Void
  ) throws -> Outcome {
    var configuration = SpanProcessorHost.Configuration(rules: directory, chain: [rule])
    if !test.settings.isEmpty { configuration.settings = [rule: test.settings] }
    let host = try SpanProcessorHost(configuration, natives: natives)
    let watch = TestWatch()
    host.observe { TestObserver(watch) }
    begin(host)
    let admission = Door().admit(test.given.flatMap { $0.encodedRequest() })
    let output = host.processAndWait(admission.batch)
    let spans = PlainSpan.all(in: output)
    let bytes = output.encoded()
    let ledger = host.reports().map(\.ledger).reduce(into: SpanLedger()) { $0 += $1 }
    let failures = ledger.failures.keys.sorted()
    var problems = test.fails ? [] : failures.map { "the rule failed: \($0)" }
    if test.fails, failures.isEmpty { problems.append("the rule was expected to fail, it did not") }
    problems += fate(of: test, spans, ledger)
    switch (test.kept, watch.keepReason) {
    case (nil, _), (.anyReason, .some), (.never, nil): break
    case (.reason(let reason), let found) where found == reason: break
    case (.reason(let reason), _):
      problems.append("the span was expected to be kept (\(reason)), no keep of that reason came")
    case (.anyReason, nil): problems.append("the span was expected to be kept, no keep came")
    case (.never, .some(let found)): problems.append("the span was expected not to be kept, a keep came: \(found)")
    }
    // Numbers stand on the wire in a form of their own, so what a person reads is searched as well.
    // Ids and times are numbers of no secret, and would match short ones by chance.
    let measures: Set = ["trace_id", "span_id", "parent_span_id", "start_time", "end_time", "time"]
    let lines = spans.flatMap(\.lines).filter { line in
      !measures.contains(line.path.split(separator: ".").last.map(String.init) ?? line.path)
        || line.path.contains("attributes.")
    }
    let values = lines.map(\.value)
    for text in test.nowhere
    where bytes.firstRange(of: Array(text.utf8)) != nil || values.contains(where: { $0.contains(text) }) {
      problems.append("\"\(AttributeValue.escaped(text))\" still stands in what leaves")
    }
    return Outcome(file: source.file, name: test.name, line: test.line, problems: problems)
  }

  private func fate(of test: RuleTest, _ spans: [PlainSpan], _ ledger: SpanLedger) -> [String] {
    let reasons = Array(ledger.dropped.keys) + Array(ledger.sampledOut.keys)
    switch test.dropped {
    case .reason(let reason):
      if reasons.contains(reason) { return [] }
      return reasons.isEmpty
        ? ["the span was expected to go (\(reason)), it was kept"]
        : ["the span was expected to go (\(reason)), it went for another reason: \(reasons[0])"]
    case .anyReason: return spans.isEmpty ? [] : ["the span was expected to go, it stayed"]
    case .never where spans.count < test.given.count:
      return ["the span was expected to stay, it went: \(reasons.first ?? "no reason")"]
    case .never, nil: break
    }
    guard let expected = test.expected else { return [] }
    var left = spans
    var problems: [String] = []
    for (place, expected) in expected.enumerated() {
      // Spans leave in the order of their resources and scopes.
      guard let found = left.firstIndex(where: { $0.spanID == test.given[place].spanID }) else {
        let which = test.given.count > 1 ? "span \(place + 1)" : "the span"
        problems.append("\(which) went (\(reasons.first ?? "no reason")), it was expected")
        continue
      }
      let lines = Self.difference(expected.span.lines, left.remove(at: found).lines)
      problems += test.given.count > 1 ? lines.map { "span \(place + 1): \($0)" } : lines
    }
    return problems
  }

  /// The lines that only one of two spans has: `-` what was expected, `+` what came.
  static func difference(_ expected: [PlainSpan.Line], _ found: [PlainSpan.Line]) -> [String] {
    let expectedSet = Set(expected)
    let foundSet = Set(found)
    let missing = expected.filter { !foundSet.contains($0) }
    let surplus = found.filter { !expectedSet.contains($0) }
    let all =
      missing.map { ($0.path, "- \($0.path) = \($0.value)") } + surplus.map { ($0.path, "+ \($0.path) = \($0.value)") }
    return all.sorted { ($0.0, $1.1) < ($1.0, $0.1) }.map(\.1)
  }
}
