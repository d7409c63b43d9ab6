/// One thing that is looked for inside text, and the steps that ask for it. A class, so that looking with one copies none
/// of its tables.
final class TextFinder: Sendable {
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
  let steps: [Step]
  /// What the standing steps do with what is found.
  private let standing: KeyVerdict
  private let isConditional: Bool

  init(_ kind: Kind, _ steps: [Step]) {
    self.kind = kind
    self.steps = steps
    standing = Self.united(steps.filter { $0.condition == nil })
    isConditional = steps.contains { $0.condition != nil }
  }

  /// What is done with what is found, for a span for which these conditional steps were asked for.
  func verdict(requested: UInt64) -> KeyVerdict {
    if !isConditional { return standing }
    return Self.united(steps.filter { $0.condition.map { $0 & requested != 0 } ?? true })
  }

  private static func united(_ steps: [Step]) -> KeyVerdict {
    steps.reduce(into: KeyVerdict()) { $0.unite($1.verdict) }
  }
}
