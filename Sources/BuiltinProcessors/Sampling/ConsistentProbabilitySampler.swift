public import ProcessorHost

/// Keeps a share of the traces, the same ones that every other consistent sampler keeps at that share.
///
/// It is a *downstream* sampler of the OpenTelemetry specification, *TraceState: Probability Sampling*: it looks at
/// finished spans that earlier stages may have sampled already, and can only keep less than they did.
public struct ConsistentProbabilitySampler: Sendable {
  /// What the share is a share of.
  public enum Mode: Sendable {
    /// Of all spans there ever were: spans that earlier stages thinned out as much already pass.
    case equalizing
    /// Of the spans that arrive, however much earlier stages thinned them out.
    case proportional
  }

  /// The share to keep, 0 to 1.
  public let ratio: Double
  /// What the ratio is a share of.
  public let mode: Mode
  /// How many significant hexadecimal digits thresholds have.
  public let precision: Int
  /// The threshold of the ratio alone; nil where nothing is kept.
  private let threshold: SamplingThreshold?

  /// - Parameters:
  ///   - ratio: the share to keep, 0 to 1. Above 0 and below 2^-56 it counts as 2^-56, the smallest there is.
  ///   - precision: significant hexadecimal digits of thresholds, 1 to 14; the specification recommends 4.
  /// - Returns: nil for a ratio that is not from 0 to 1.
  public init?(ratio: Double, mode: Mode = .equalizing, precision: Int = 4) {
    guard ratio >= 0, ratio <= 1 else { return nil }
    self.ratio = ratio
    self.mode = mode
    self.precision = precision
    threshold = ratio == 0 ? nil : SamplingThreshold(probability: max(ratio, 0x1p-56), precision: precision)
  }

  /// Whether a span is kept, and with which threshold it goes on. Allocates nothing.
  ///
  /// - The randomness is the trace state's `rv`, and without one the last 56 bits of the trace id.
  /// - A ratio of 1 is no stage of sampling: every span is kept, and its threshold is the one it came with.
  /// - A span that arrives with a threshold that its randomness does not reach should not be here: either the threshold
  ///   is wrong, or somebody kept the span for another reason and did not erase it. As the specification asks, the
  ///   threshold is erased; the ratio alone then decides, so that the span shares its trace's fate, and the threshold
  ///   it goes on with is nil, because nobody knows how probable it was to arrive. (The collector's processor drops such
  ///   spans unless told otherwise; faulty bookkeeping of another stage is no reason to lose a span here.)
  ///
  /// - Parameter traceState: the span's W3C trace state; may be empty.
  /// - Returns: for a span that is kept, the threshold to write; nil means that it goes on without `th`.
  public func decide(
    traceID: TraceID, traceState: UnsafeBufferPointer<UInt8>
  ) -> (isSampled: Bool, threshold: SamplingThreshold?) {
    guard let threshold else { return (false, nil) }
    let state = OTelTraceState(traceState)
    if ratio == 1 { return (true, state.threshold) }
    let randomness = state.randomness ?? traceID.low & (SamplingThreshold.bound - 1)
    guard let incoming = state.threshold else {
      return threshold.keeps(randomness: randomness) ? (true, threshold) : (false, nil)
    }
    guard incoming.keeps(randomness: randomness) else { return (threshold.keeps(randomness: randomness), nil) }
    guard let outgoing = outgoing(incoming, threshold), outgoing.keeps(randomness: randomness) else {
      return (false, nil)
    }
    return (true, outgoing)
  }

  /// The threshold after this stage; nil where so small a probability cannot be written. Never below the incoming one:
  /// a later stage cannot bring back what an earlier one left out.
  private func outgoing(_ incoming: SamplingThreshold, _ own: SamplingThreshold) -> SamplingThreshold? {
    switch mode {
    case .equalizing: max(incoming, own)
    case .proportional:
      SamplingThreshold(probability: ratio * incoming.probability, precision: precision).map { max(incoming, $0) }
    }
  }
}
