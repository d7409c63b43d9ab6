package import ProcessorHost

extension CompiledPolicy {
  /// The most secrets that are planted for one step.
  private static let maximumPlants = 256

  package var plants: [HidePlant] {
    var plants: [HidePlant] = []
    for (index, step) in policy.steps.enumerated() where !step.isConditional && !step.action.isCut {
      plants += self.plants(for: step, index).prefix(Self.maximumPlants)
    }
    return plants
  }

  private func plants(for step: HideStep, _ index: Int) -> [HidePlant] {
    let kept = if case .keepLast(let count) = step.action { count } else { 0 }
    let plant = { (kind: HidePlant.Kind, matcher: String) in
      HidePlant(kind, step: index, matcher: matcher, kept: kept)
    }
    switch step.matcher {
    case .words(let terms, except: _), .names(let terms):
      // An exception can name a term itself.
      return terms.filter { isHidden($0, by: index) }.map { plant(.key($0), step.matcher.name) }
    case .prefixes(let prefixes): return prefixes.map { plant(.key($0 + "x"), step.matcher.name) }
    case .values(let values):
      // A short one stands in anything.
      return values.filter { $0.utf8.count >= 8 }.map { plant(.value($0), step.matcher.name) }
    case .text(let names):
      return names.compactMap { name in
        text.detector(named: name).map { plant(.text($0.sample), "\(step.matcher.name) \(name)") }
      }
    case .patterns(_, let examples):
      return examples.compactMap { text.secret(inExample: $0, ofStep: index) }
        .filter { $0.secret.utf8.count >= 8 }
        .map { plant(.example(before: $0.before, secret: $0.secret, after: $0.after), step.matcher.name) }
    case .query(let names):
      return names.filter(Self.isPlain).map { name in
        let sample = DetectorSample(
          before: "https://example.com/a?b=1&\(name)=", secret: "planted-in-a-query", after: "&c=2")
        return plant(.text(sample), step.matcher.name)
      }
    case .beyond: return []
    }
  }

  /// Whether a step hides what stands under a key.
  private func isHidden(_ key: String, by step: Int) -> Bool {
    var key = key
    return key.withUTF8 { key in keySteps.contains { Int($0.verdict.step) == step && $0.matches(key) } }
  }

  /// Whether a name stands in a URL as it is.
  private static func isPlain(_ name: String) -> Bool {
    name.utf8.allSatisfy { ($0 | 0x20) &- 97 < 26 || (48...57).contains($0) || $0 == 45 || $0 == 46 || $0 == 95 }
  }
}

extension HidePlant.Kind {
  fileprivate static func text(_ sample: DetectorSample) -> Self {
    .text(before: sample.before, secret: sample.secret, after: sample.after)
  }
}

extension TextPolicy {
  /// The detector of this name that the policy looks with.
  func detector(named name: String) -> (any TextDetector)? {
    for finder in finders {
      if case .detector(let detector) = finder.kind, detector.name == name { return detector }
    }
    return nil
  }

  /// The part of an example that a step's patterns find; nil where they find nothing.
  func secret(inExample example: String, ofStep step: Int) -> DetectorSample? {
    for finder in finders where finder.steps.contains(where: { Int($0.verdict.step) == step }) {
      guard case .patterns(let database) = finder.kind else { continue }
      return Self.secret(in: example, database)
    }
    return nil
  }

  static func secret(in example: String, _ database: PatternDatabase) -> DetectorSample? {
    var found = TextRanges()
    var text = example
    return text.withUTF8 { bytes in
      PatternDatabase.Scanner(database).find(in: bytes, into: &found)
      guard let range = found.ranges.max(by: { $0.count < $1.count }) else { return nil }
      let part = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
      return DetectorSample(
        before: part(0..<range.lowerBound), secret: part(range), after: part(range.upperBound..<bytes.count))
    }
  }
}
