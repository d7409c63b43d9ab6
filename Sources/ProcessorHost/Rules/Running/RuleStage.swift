internal import CRuleSandbox

/// A rule as a member of the chain, on one lane, which alone touches it: accesses are not checked at run time.
final class RuleStage: ChainStage {
  private let loader: RuleLoader
  private let access: SpanAccess
  @exclusivity(unchecked) private var rule: LoadedRule?
  let name: String
  let failurePolicy: FailurePolicy
  @exclusivity(unchecked) private(set) var stepsUsed = 0

  init(loader: RuleLoader, definition: RuleDefinition, access: SpanAccess) throws(RuleError) {
    self.loader = loader
    self.access = access
    name = definition.name
    failurePolicy = definition.failurePolicy
    rule = try loader.load()
    rule?.sandbox.access = access
  }

  func process(_ span: SpanWorkspace) -> StageFailure? {
    guard let rule, let hook = rule.hook else { return reload() }
    let failure = rule.sandbox.callHook(hook, span)
    stepsUsed += rule.sandbox.stepsUsed
    guard let failure else { return nil }
    // A state that ran out of memory has ended; the next span gets a new one.
    if rule.sandbox.isSpent { self.rule = nil }
    return StageFailure(place: place(failure.line), message: failure.sentence)
  }

  /// Makes a new state for the next span; this one has none, which counts as a failure.
  private func reload() -> StageFailure? {
    do throws(RuleError) {
      rule = try loader.load()
      rule?.sandbox.access = access
      return StageFailure(place: place(nil), message: "the rule's state had run out of memory and was made anew")
    } catch {
      return StageFailure(place: place(error.line), message: error.message)
    }
  }

  private func place(_ line: Int?) -> String { "\(name).lua" + (line.map { ":\($0)" } ?? "") }
}
