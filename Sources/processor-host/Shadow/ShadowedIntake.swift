internal import ProcessorHost
internal import RuleReview

/// An intake whose requests are compared under two sets of rules, once they have been answered for.
struct ShadowedIntake: TraceIntake {
  let intake: SpanIntake
  let runner: ShadowRunner

  var refusal: IntakeOutcome? { intake.refusal }

  func accept(_ request: [UInt8], format: RequestFormat) async -> IntakeOutcome {
    let outcome = await intake.accept(request, format: format)
    if case .accepted = outcome { runner.offer(request, format) }
    return outcome
  }
}
