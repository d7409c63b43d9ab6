/// Gathers what the tests of one rule touch.
final class CoverageRecorder {
  /// Tests that share settings, and so what the rule hides.
  private struct Run {
    var rule: RuleDefinition
    var inputs: [HideInputs.Input] = []
  }

  private let source: RuleSource
  private let lists: [String: RuleSource]
  private let natives: RuleNatives
  /// By the settings, written one after the other.
  private var runs: [[String]: Run] = [:]
  private var tests = 0
  private var lines: Set<Int> = []
  private var linesRun: Set<Int> = []

  init(_ source: RuleSource, lists: [String: RuleSource], natives: RuleNatives) {
    self.source = source
    self.lists = lists
    self.natives = natives
  }

  /// Runs a test on natives that take notes.
  func record<Outcome>(
    settings: [String: String], _ test: (RuleNatives, _ begin: (SpanProcessorHost) -> Void) throws -> Outcome
  ) throws -> Outcome {
    let inputs = HideInputs()
    let notes = LineNotes()
    var recording = natives
    recording.hiding = RecordingHiding(base: natives.hiding, inputs: inputs)
    recording.lineNotes = notes
    var rule: RuleDefinition?
    let outcome = try test(recording) { host in
      // What ran up to here was loading, and the leak battery.
      notes.clear()
      inputs.begin()
      rule = host.ruleSet.rules.first
    }
    tests += 1
    lines.formUnion(notes.executable)
    linesRun.formUnion(notes.run)
    if let rule {
      let key = settings.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
      runs[key, default: Run(rule: rule)].inputs += inputs.all
    }
    return outcome
  }

  /// What was touched of all that there is.
  /// - Throws: what is wrong with the rule.
  func coverage() throws -> RuleCoverage {
    let notes = LineNotes()
    let definition = try Lane().runAndWait { [source, lists] () throws(RuleError) in
      var items: [String: [String]] = [:]
      for (name, list) in lists { items[name] = try list.listItems() }
      var loader = RuleLoader(source: source, overrides: [:], lists: items)
      loader.lineNotes = notes
      return try loader.load().definition
    }
    var touched: Set<HideProbe.Key> = []
    for run in runs.values {
      for probe in HideProbe.all(run.rule) where !touched.contains(probe.key) {
        if try probe.hits(run.inputs, natives.hiding) { touched.insert(probe.key) }
      }
    }
    let places = EntryPlaces(source, lists)
    let entries = HideProbe.all(definition).map { probe in
      let place = places.place(of: probe.key)
      return RuleCoverage.Entry(
        matcher: probe.key.matcher, item: probe.key.item, isException: probe.key.isException, file: place.file,
        line: place.line, isTouched: touched.contains(probe.key))
    }
    return RuleCoverage(
      rule: source.name, tests: tests, entries: entries, lines: lines.union(notes.executable), linesRun: linesRun)
  }
}

/// Finds where the entries of a rule's lists are written.
private struct EntryPlaces {
  private let source: RuleSource
  private let ruleLines: [String]
  /// The lines of the lists that the rule names, by file.
  private let lists: [(file: String, items: [String])]

  init(_ source: RuleSource, _ lists: [String: RuleSource]) {
    self.source = source
    ruleLines = Self.lines(source, comment: "--")
    let text = ruleLines.joined(separator: "\n")
    self.lists = lists.sorted { $0.key < $1.key }
      .filter { name, _ in text.contains("\"\(name)\"") || text.contains("'\(name)'") }
      .map { ("lists/" + $1.file, Self.lines($1, comment: "#").map(Self.trimmed)) }
  }

  func place(of key: HideProbe.Key) -> (file: String, line: Int?) {
    let stepLine = key.origin.lastIndex(of: ":").flatMap { Int(key.origin[key.origin.index(after: $0)...]) }
    // A call that takes several lines is known by one of them, and the entry may stand before or behind it.
    let near = ruleLines.indices.filter {
      ruleLines[$0].contains("\"\(key.item)\"") || ruleLines[$0].contains("'\(key.item)'")
    }
    .min { abs($0 + 1 - (stepLine ?? 0)) < abs($1 + 1 - (stepLine ?? 0)) }
    if let near { return (source.file, near + 1) }
    for list in lists {
      if let line = list.items.firstIndex(of: key.item) { return (list.file, line + 1) }
    }
    return (source.file, stepLine)
  }

  private static func lines(_ source: RuleSource, comment: String) -> [String] {
    source.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      let text = String(decoding: line, as: UTF8.self)
      return text.firstRange(of: comment).map { String(text[..<$0.lowerBound]) } ?? text
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
