internal import ProcessorHost
internal import ProcessorHostTracing
internal import Tracing

extension Sampler {
  /// The decision on a span of which only its place in the trace matters.
  func decide(_ traceID: TraceID, parent: SpanContext? = nil) -> SamplingResult {
    shouldSample(parent: parent, traceID: traceID, name: "work", kind: .internal, attributes: [:])
  }
}

extension SpanContext {
  /// A parent in a trace.
  static func parent(
    _ traceID: TraceID, sampled: Bool = true, remote: Bool = true, traceState: TraceState = TraceState()
  ) -> SpanContext {
    SpanContext(
      traceID: traceID, spanID: SpanID(1), traceFlags: sampled ? .sampled : [], traceState: traceState,
      isRemote: remote)
  }
}

extension TraceID {
  /// A trace with this randomness, its last 56 bits.
  static func random(_ randomness: UInt64) -> TraceID { TraceID(high: 1, low: 0xaa << 56 | randomness) }
}
