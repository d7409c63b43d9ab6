internal import BuiltinProcessors
public import ProcessorHost
public import Tracing

/// Samples a share of the traces, the same ones that every other consistent sampler samples at that share, and notes in
/// the trace state (`ot=th:…`) how many spans a sampled one stands for. OpenTelemetry specification: SDK,
/// ProbabilitySampler; TraceState: Probability Sampling.
///
/// It decides by the randomness that the trace state gives (`rv`), and without that by the last 56 bits of the trace's
/// id, whatever the parent's flag says. As the root of a ``ParentBasedSampler`` it is what the specification calls
/// ParentThreshold with a probability at its root.
public struct ProbabilitySampler: Sampler {
  /// The share that is sampled, 0 to 1.
  public let ratio: Double
  /// Nil where nothing is sampled.
  private let threshold: SamplingThreshold?
  /// What a trace begins with that is sampled, made once.
  private let rootTraceState: TraceState

  /// - Parameter ratio: 0 to 1. Above 0 and below 2^-56 it counts as 2^-56, the smallest probability there is.
  /// - Returns: nil for another ratio.
  public init?(ratio: Double) {
    guard ratio >= 0, ratio <= 1 else { return nil }
    self.ratio = ratio
    threshold = ratio == 0 ? nil : SamplingThreshold(probability: max(ratio, 0x1p-56))
    rootTraceState = TraceState().writing(threshold: threshold)
  }

  /// `ProbabilitySampler{0.25}`.
  public var description: String { "ProbabilitySampler{\(ratio.decimalDigits)}" }

  /// Samples the span where its trace is one of the share. The parent's threshold, which is about the parent, is replaced
  /// for a sampled span and removed for another; the rest of its trace state goes on.
  public func shouldSample(
    parent: SpanContext?, traceID: TraceID, name: String, kind: Tracing.SpanKind, attributes: SpanAttributes
  ) -> SamplingResult {
    let traceState = parent?.traceState ?? TraceState()
    guard let threshold, threshold.keeps(randomness: traceState.randomness(of: traceID)) else {
      return SamplingResult(.drop, traceState: traceState.writing(threshold: nil))
    }
    let written = traceState.isEmpty ? rootTraceState : traceState.writing(threshold: threshold)
    return SamplingResult(.recordAndSample, traceState: written)
  }
}
