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
    if rule == nil, let failure = renew() { return failure }
    guard let rule, let hook = rule.hook else { return nil }
    let failure = rule.sandbox.callHook(hook, span)
    stepsUsed += rule.sandbox.stepsUsed
    guard let failure else { return nil }
    // A state that ran out of memory has ended; the next span must not suffer for it.
    if rule.sandbox.isSpent { _ = renew() }
    return StageFailure(place: place(failure.line), message: failure.sentence)
  }

  /// Makes a new state; why not, where it cannot be made.
  private func renew() -> StageFailure? {
    rule = nil
    do throws(RuleError) {
      rule = try loader.load()
      rule?.sandbox.access = access
      return nil
    } catch {
      return StageFailure(place: place(error.line), message: error.message)
    }
  }

  private func place(_ line: Int?) -> String { "\(name).lua" + (line.map { ":\($0)" } ?? "") }
}
