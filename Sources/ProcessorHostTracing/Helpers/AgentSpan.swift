public import Tracing

/// Runs a step of an agent in a span named `agent.{type}.{step}`.
///
/// It is an example of a helper that gives the spans of one domain the same names and attributes everywhere: the type, the
/// step and the user are attributes too (`agent.type`, `agent.step`, `user.id`). What it throws is recorded as an error.
/// - Parameters:
///   - agentType: the kind of agent: `enhancement`.
///   - step: what it does: `gather_context`.
///   - userID: for whom; nil where nobody is known. It passes the rules like all else.
///   - tracer: where the span comes from; the one that is bound by default.
///   - isolation: the actor on which the step runs; the caller's.
///   - body: the step.
public func withAgentSpan<Result>(
  agentType: String, step: String, userID: String? = nil, tracer: (any Tracer)? = nil,
  isolation: isolated (any Actor)? = #isolation, _ body: (any Span) async throws -> Result
) async rethrows -> Result {
  try await (tracer ?? InstrumentationSystem.tracer).withAnySpan("agent.\(agentType).\(step)", ofKind: .internal) {
    span in
    span.updateAttributes { attributes in
      attributes["agent.type"] = agentType
      attributes["agent.step"] = step
      attributes["user.id"] = userID
    }
    return try await body(span)
  }
}
