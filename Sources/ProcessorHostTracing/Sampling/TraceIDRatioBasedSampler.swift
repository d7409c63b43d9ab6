public import ProcessorHost
public import Tracing

/// Samples a share of the traces by their id, whatever the parent's flag says. OpenTelemetry specification: SDK,
/// TraceIdRatioBased.
///
/// The specification leaves the algorithm open. This one samples a trace where the last eight bytes of its id, as a number,
/// are less than that share of all such numbers, which is what the SDKs for Go, Python, Ruby and Rust do, so that services
/// which use those beside this one sample the same traces. Those of other languages may choose others: use it as the root
/// of a ``ParentBasedSampler``, or use ``ProbabilitySampler``, whose algorithm is specified and which tells what is
/// behind it how many spans a sampled one stands for.
public struct TraceIDRatioBasedSampler: Sampler {
  /// The share that is sampled, 0 to 1.
  public let ratio: Double
  /// The least number that is not sampled; nil where all are.
  private let bound: UInt64?

  /// - Parameter ratio: 0 to 1.
  /// - Returns: nil for another ratio.
  public init?(ratio: Double) {
    guard ratio >= 0, ratio <= 1 else { return nil }
    self.ratio = ratio
    let bound = (ratio * 0x1p64).rounded()
    self.bound = bound < 0x1p64 ? UInt64(bound) : nil
  }

  /// `TraceIdRatioBased{0.25}`.
  public var description: String { "TraceIdRatioBased{\(ratio.decimalDigits)}" }

  /// Samples the span where its trace is one of the share.
  ///
  /// The parent's trace state goes on, without the threshold that a consistent sampler may have put there: it does not
  /// say how probable this decision was.
  public func shouldSample(
    parent: SpanContext?, traceID: TraceID, name: String, kind: Tracing.SpanKind, attributes: SpanAttributes
  ) -> SamplingResult {
    let traceState = parent?.traceState ?? TraceState()
    guard bound.map({ traceID.low < $0 }) ?? true else { return SamplingResult(.drop, traceState: traceState) }
    return SamplingResult(.recordAndSample, traceState: traceState.writing(threshold: nil))
  }
}

extension Double {
  /// The number without an exponent, as descriptions of samplers want it; for numbers from 0 to 1.
  var decimalDigits: String {
    let text = "\(self)"
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]), exponent < 0
    else { return text }
    return "0." + String(repeating: "0", count: -exponent - 1) + text[..<mark].filter { $0 != "." }
  }
}
