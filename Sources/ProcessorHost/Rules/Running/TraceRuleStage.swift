internal import CRuleSandbox

/// A rule's `on_trace` as a member of the chain, on one shard, with a Lua state of its own.
final class TraceRuleStage: TraceStage {
  private let loader: RuleLoader
  private let access: SpanAccess
  private var rule: LoadedRule?
  let name: String
  private(set) var stepsUsed = 0

  init(loader: RuleLoader, definition: RuleDefinition, access: SpanAccess) throws(RuleError) {
    self.loader = loader
    self.access = access
    name = definition.name
    rule = try loader.load()
    rule?.sandbox.access = access
  }

  func process(_ trace: TraceWorkspace) -> StageFailure? {
    if rule == nil, let failure = renew() { return failure }
    guard let rule, let hook = rule.traceHook else { return nil }
    let failure = rule.sandbox.callHook(hook, trace)
    stepsUsed += rule.sandbox.stepsUsed
    guard let failure else { return nil }
    // A state that ran out of memory has ended; the next trace must not suffer for it.
    if rule.sandbox.isSpent { _ = renew() }
    return StageFailure(place: place(failure.line), message: Self.sentence(failure, trace))
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

  /// What Lua says of a root that has not come names the variable and not the reason.
  private static func sentence(_ failure: RuleSandbox.Failure, _ trace: TraceWorkspace) -> String {
    let sentence = failure.sentence
    guard trace.root == nil, sentence.hasPrefix("attempt to index a nil value ("), sentence.hasSuffix("'root')") else {
      return sentence
    }
    return "the trace has no root here: it was sampled out, is late, or went to another host; ask for it first: "
      + "if trace.root then … end"
  }
}
