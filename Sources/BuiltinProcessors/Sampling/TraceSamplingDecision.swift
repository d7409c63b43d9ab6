package import ProcessorHost

extension BuiltinSampling {
  package func makeTraceWorker() -> any TraceSamplingWorker { TraceSamplingDecision(mode: mode) }
}

/// The decision on whole traces, on one shard.
///
/// A trace has one randomness: the `rv` of its root, without one that of the first span that has any, and otherwise the
/// trace id. So one threshold decides for all its spans, though they may have come with different ones: a span that was
/// thinned out more before goes on with its own threshold, any other with the trace's.
final class TraceSamplingDecision: TraceSamplingWorker {
  private let mode: ConsistentProbabilitySampler.Mode
  private let precision = 4
  private var traceState: [UInt8] = []

  init(mode: ConsistentProbabilitySampler.Mode) { self.mode = mode }

  func decide(_ trace: TraceWorkspace) -> (sampling: TraceSampling, reason: SpanReason?) {
    let verdict = trace.verdict
    if verdict.isUntouched { return (TraceSampling(.kept), nil) }
    if let reason = verdict.dropReason { return (TraceSampling(.dropped(reason: reason.name)), nil) }
    let shares = shares(verdict)
    let erases = verdict.common.passedRateLimit
    guard shares.contains(where: { $0.ratio < 1 }) else {
      let reason = verdict.keepReason ?? shares.last?.reason ?? verdict.limitReason
      return (TraceSampling(.kept, erasesThreshold: erases), reason)
    }
    let randomness = randomness(of: trace)
    var strictest: (threshold: SamplingThreshold, reason: SpanReason)?
    for share in shares where share.ratio < 1 {
      guard let threshold = threshold(share, trace, randomness), threshold.keeps(randomness: randomness) else {
        return (TraceSampling(.sampledOut(reason: share.reason.name)), nil)
      }
      if strictest.map({ $0.threshold < threshold }) ?? true { strictest = (threshold, share.reason) }
    }
    let sampling = TraceSampling(.kept, threshold: strictest?.threshold.value, erasesThreshold: erases)
    return (sampling, strictest?.reason)
  }

  /// A ratio that was asked for.
  private struct Share {
    var ratio: Double
    var reason: SpanReason
    /// Whether it moves with what arrives, and is a share of that whatever the mode.
    var isDynamic: Bool
  }

  private func shares(_ verdict: TraceVerdict) -> [Share] {
    var shares: [Share] = []
    if let reason = verdict.common.ratioReason {
      shares.append(Share(ratio: verdict.common.ratio, reason: reason, isDynamic: false))
    }
    if let share = verdict.arriving {
      shares.append(Share(ratio: share.ratio, reason: share.reason, isDynamic: true))
    }
    return shares
  }

  func mark(_ span: SpanWorkspace, _ sampling: TraceSampling) {
    let state = OTelTraceState(span.text(FieldNumber.Span.traceState))
    let outgoing = sampling.erasesThreshold ? nil : outgoing(sampling.threshold, state, span)
    if outgoing == state.threshold { return }
    traceState.removeAll(keepingCapacity: true)
    state.writing(threshold: outgoing, into: &traceState)
    span.setText(FieldNumber.Span.traceState, traceState)
  }

  /// The threshold that a span goes on with; nil where it is unknown how probable it was for it to arrive: it came with a
  /// threshold that it does not reach, or has another randomness than its trace.
  private func outgoing(_ value: UInt64?, _ state: OTelTraceState, _ span: SpanWorkspace) -> SamplingThreshold? {
    guard let own = value.flatMap({ SamplingThreshold($0) }) else { return state.threshold }
    let randomness = state.randomness ?? ReadWriteSpan(span).traceID.randomness
    let outgoing = state.threshold.map { max($0, own) } ?? own
    return outgoing.keeps(randomness: randomness) ? outgoing : nil
  }

  private func randomness(of trace: TraceWorkspace) -> UInt64 {
    let root = trace.root.flatMap { state(of: trace.spans[$0], in: trace).randomness }
    return root ?? explicitRandomness(of: trace) ?? trace.id.randomness
  }

  private func explicitRandomness(of trace: TraceWorkspace) -> UInt64? {
    for span in trace.spans where !span.traceState.isEmpty {
      if let randomness = state(of: span, in: trace).randomness { return randomness }
    }
    return nil
  }

  /// The threshold of a share; nil where nothing is kept.
  private func threshold(_ share: Share, _ trace: TraceWorkspace, _ randomness: UInt64) -> SamplingThreshold? {
    guard share.ratio > 0 else { return nil }
    var probability = share.ratio
    if share.isDynamic || mode == .proportional { probability *= incomingProbability(trace, randomness) }
    if share.isDynamic { probability = Self.coarse(probability) }
    return SamplingThreshold(probability: max(probability, 0x1p-56), precision: precision)
  }

  /// Late spans follow the decision on their trace, and what is remembered is bounded where few decisions are distinct:
  /// so of a probability that moves with every trace six binary digits count. The threshold is made of these, and true.
  private static func coarse(_ probability: Double) -> Double {
    Double(
      sign: .plus, exponent: probability.exponent, significand: (probability.significand * 32).rounded() / 32)
  }

  /// How probable it was that anything of the trace arrived: as probable as the span that was thinned out least. Who says
  /// nothing counts as not thinned out, and so does a threshold that its span does not reach.
  private func incomingProbability(_ trace: TraceWorkspace, _ randomness: UInt64) -> Double {
    var least: SamplingThreshold?
    for span in trace.spans {
      guard !span.traceState.isEmpty, let threshold = state(of: span, in: trace).threshold,
        threshold.keeps(randomness: randomness)
      else { return 1 }
      least = least.map { min($0, threshold) } ?? threshold
    }
    return least?.probability ?? 1
  }

  private func state(of span: TraceWorkspace.Span, in trace: TraceWorkspace) -> OTelTraceState {
    OTelTraceState(
      UnsafeBufferPointer(start: trace.base + span.traceState.lowerBound, count: span.traceState.count))
  }
}

extension TraceID {
  /// The 56 bits of randomness that the trace id has.
  fileprivate var randomness: UInt64 { low & (SamplingThreshold.bound - 1) }
}
