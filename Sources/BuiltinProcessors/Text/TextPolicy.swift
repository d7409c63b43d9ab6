package import ProcessorHost

/// What the steps of a policy look for inside text, made ready.
package struct TextPolicy: Sendable {
  /// The most different things that can be looked for inside text: a bit stands for each.
  static let maximumFinders = 64

  private(set) var finders: [TextFinder] = []
  /// Finds where a finder may have something to find; nil where there is nothing to look for.
  private(set) var triggers: PatternDatabase?
  /// The fewest digits of a run in which a finder may have something to find, and a bit for each such finder.
  private(set) var digitRun: (length: Int, finders: UInt64)?
  /// The finders that may have something to find where a number of some shape stands.
  private(set) var numberFinders = NumberFinders()
  /// The finders that are to look at every text, since no trigger could tell.
  private(set) var always: UInt64 = 0
  /// Whether numbers of any size are looked at, and not only those that are long enough for a detector.
  private(set) var looksAtSmallNumbers = false

  /// Whether something that is found takes the whole value and its key along.
  private(set) var removes = false

  var isEmpty: Bool { finders.isEmpty }

  /// - Parameter isReliable: whether the library finds all that it should; otherwise every detector looks at every text,
  ///   and patterns are refused.
  /// - Throws: for a detector that does not exist, and for a pattern that cannot be looked for.
  package init(
    _ steps: [HideStep], conditions: [UInt64?], rings: [String: UInt8], isReliable: Bool = PatternLibrary.isReliable
  ) throws(HidePolicyError) {
    var detectors: [String: [Int]] = [:]
    var looked: [(kind: TextFinder.Kind, steps: [TextFinder.Step])] = []
    // Whatever ends this, a finder has been made of each.
    defer { finders = looked.map { TextFinder($0.kind, $0.steps) } }
    removes = steps.contains { $0.matcher.looksInsideText && $0.action == .remove }
    var expressions: [PatternDatabase.Expression] = []
    for (index, step) in steps.enumerated() {
      let textStep = TextFinder.Step(
        verdict: KeyVerdict(step.action, step: index, rings: rings), condition: conditions[index])
      switch step.matcher {
      case .text(let names):
        for name in names {
          if let known = detectors[name] {
            for finder in known { looked[finder].steps.append(textStep) }
            continue
          }
          for detector in try Self.detectors(name, steps, index) {
            detectors[name, default: []].append(looked.count)
            expressions += detector.triggers.map { .init(pattern: $0, options: [], id: looked.count) }
            if let length = detector.digitRun {
              let known = digitRun ?? (length, 0)
              digitRun = (min(known.length, length), known.finders | 1 << UInt64(looked.count))
            }
            numberFinders.add(detector.numberShapes, finder: 1 << UInt64(looked.count))
            looked.append((.detector(detector), [textStep]))
          }
        }
      case .patterns(let patterns, let examples):
        guard isReliable else { throw HidePolicyError(step: index, reason: PatternLibrary.unreliable) }
        let exact = try Self.database(patterns, index)
        for example in examples where Self.secret(in: example, exact) == nil {
          throw HidePolicyError(step: index, reason: "the example \"\(example)\" is found by none of the patterns")
        }
        let triggers = patterns.map {
          PatternDatabase.Expression(pattern: $0, options: [.lines, .unicode], id: looked.count)
        }
        if patterns.contains(where: Self.dependsOnWholeText) { always |= 1 << UInt64(looked.count) }
        expressions += triggers
        looksAtSmallNumbers = true
        looked.append((.patterns(exact), [textStep]))
      case .query(let names):
        let parameters = QueryParameters(names: names)
        expressions += QueryParameters.triggers(names: names).map { .init(pattern: $0, options: [], id: looked.count) }
        looked.append((.query(parameters), [textStep]))
      case .words, .names, .prefixes, .values, .beyond: continue
      }
      if case .cut = step.action {
        throw HidePolicyError(
          step: index, reason: "cut takes words, names, prefixes or values; \(step.matcher.name) finds parts of a text")
      }
      guard looked.count <= Self.maximumFinders else {
        throw HidePolicyError(
          step: index,
          reason:
            "a rule set can look for \(Self.maximumFinders) different things inside text; put patterns into one list")
      }
    }
    guard isReliable else {
      always = looked.isEmpty ? 0 : .max
      digitRun = nil
      numberFinders = NumberFinders()
      return
    }
    if expressions.isEmpty { return }
    do { triggers = try PatternDatabaseCache.database(for: expressions) } catch {
      throw HidePolicyError(
        step: steps.firstIndex { $0.matcher.looksInsideText } ?? 0,
        reason: "all patterns together are too much for one scan: \(error.reason)")
    }
  }

  /// The detectors of a name: one, but `assignment` is one for each step that looks for words. By more words a text can
  /// be read another way, as what was a name becomes part of a value; read by each step alone and united, one step more
  /// never shows what the others hide.
  private static func detectors(
    _ name: String, _ steps: [HideStep], _ index: Int
  ) throws(HidePolicyError) -> [any TextDetector] {
    if name == "assignment" {
      var detectors: [any TextDetector] = []
      for step in steps where !step.isConditional {
        guard case .words(let terms, let exceptions) = step.matcher, !step.action.isCut else { continue }
        do { detectors.append(try AssignmentDetector(terms, except: exceptions)) } catch {
          throw HidePolicyError(step: index, reason: "\(error)")
        }
      }
      if detectors.isEmpty {
        throw HidePolicyError(
          step: index,
          reason: "\(name) looks for the words of match.words inside text, and nothing hides by words; add match.words")
      }
      return detectors
    }
    if let detector = TextDetectors.named(name) { return [detector] }
    let names = TextDetectors.names
    throw HidePolicyError(
      step: index, reason: "there is no text detector \(name)" + Suggestion.hint(for: name, in: names))
  }

  private static func database(_ patterns: [String], _ index: Int) throws(HidePolicyError) -> PatternDatabase {
    let expressions = patterns.enumerated().map { number, pattern in
      PatternDatabase.Expression(pattern: pattern, options: [.unicode, .starts], id: number)
    }
    do { return try PatternDatabaseCache.database(for: expressions) } catch {
      let pattern = patterns.indices.contains(error.index) ? "\"\(patterns[error.index])\"" : "a pattern"
      throw HidePolicyError(step: index, reason: "\(pattern) cannot be looked for: \(error.reason)")
    }
  }

  /// Whether a pattern can speak of the ends of the whole text (`\A`, `\z`), or switch off that lines have ends of
  /// their own (`(?-m)`): then it cannot be found among other texts. Rather once too often.
  static func dependsOnWholeText(_ pattern: String) -> Bool {
    let bytes = Array(pattern.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\\") {
        if index + 1 < bytes.count, "AzZ".utf8.contains(bytes[index + 1]) { return true }
        index += 2
      } else if bytes[index...].starts(with: "(?".utf8) {
        let options = bytes[(index + 2)...].prefix { $0 == UInt8(ascii: "-") || ($0 | 0x20) &- 97 < 26 }
        if options.contains(UInt8(ascii: "-")) { return true }
        index += 2
      } else {
        index += 1
      }
    }
    return false
  }
}

extension HideAction {
  var isCut: Bool { if case .cut = self { true } else { false } }
}
