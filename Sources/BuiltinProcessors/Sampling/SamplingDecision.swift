package import ProcessorHost

/// The sampling decision as this module makes it: consistent probability sampling by trace id.
package struct BuiltinSampling: SamplingNative {
  let mode: ConsistentProbabilitySampler.Mode

  package init(mode: ConsistentProbabilitySampler.Mode = .equalizing) { self.mode = mode }

  package func makeWorker() -> any SamplingWorker { SamplingDecision(mode: mode) }
}

/// The decision on one lane, which alone touches it: accesses are not checked at run time.
final class SamplingDecision: SamplingWorker {
  private let mode: ConsistentProbabilitySampler.Mode
  /// Rules ask for the same ratio over and over; the sampler for it is kept.
  @exclusivity(unchecked) private var sampler: ConsistentProbabilitySampler?
  @exclusivity(unchecked) private var traceState: [UInt8] = []

  init(mode: ConsistentProbabilitySampler.Mode) { self.mode = mode }

  func decide(_ verdict: SpanVerdict, _ span: SpanWorkspace) -> SamplingOutcome {
    if verdict.isUntouched { return .kept }
    if let reason = verdict.dropReason { return .dropped(reason: reason.name) }
    // A span that is always kept keeps the threshold it came with, unless a rate limit had to let it pass first.
    if verdict.keepReason != nil, !verdict.passedRateLimit { return .kept }
    // A ratio of 1 is no sampling, and says nothing of the span.
    if verdict.ratio >= 1, !verdict.passedRateLimit { return .kept }
    let state = span.text(FieldNumber.Span.traceState)
    let incoming = OTelTraceState(state)
    var outgoing = incoming.threshold
    if let reason = verdict.ratioReason, let sampler = sampler(for: verdict.ratio) {
      let trace = ReadWriteSpan(span).traceID
      let decision = sampler.decide(traceID: trace, traceState: state)
      guard decision.isSampled else { return .sampledOut(reason: reason.name) }
      outgoing = decision.threshold
    }
    // How probable it was to pass a rate limit, nobody knows.
    if verdict.passedRateLimit { outgoing = nil }
    if outgoing != incoming.threshold {
      traceState.removeAll(keepingCapacity: true)
      incoming.writing(threshold: outgoing, into: &traceState)
      span.setText(FieldNumber.Span.traceState, traceState)
    }
    return .kept
  }

  private func sampler(for ratio: Double) -> ConsistentProbabilitySampler? {
    if let sampler, sampler.ratio == ratio { return sampler }
    sampler = ConsistentProbabilitySampler(ratio: ratio, mode: mode)
    return sampler
  }
}
