/// One thing that is looked for inside text, and the steps that ask for it.
struct TextFinder: Sendable {
  /// What finds it.
  enum Kind: Sendable {
    case detector(any TextDetector)
    case patterns(PatternDatabase)
    case query(QueryParameters)
  }

  /// A step that asks for it.
  struct Step: Sendable {
    var verdict: KeyVerdict
    /// The step's bit among the conditional ones; nil for a standing step.
    var condition: UInt64?
  }

  let kind: Kind
  var steps: [Step]

  /// What is done with what is found, for a span for which these conditional steps were asked for.
  func verdict(requested: UInt64) -> KeyVerdict {
    var verdict = KeyVerdict()
    for step in steps where step.condition.map({ $0 & requested != 0 }) ?? true { verdict.unite(step.verdict) }
    return verdict
  }
}
