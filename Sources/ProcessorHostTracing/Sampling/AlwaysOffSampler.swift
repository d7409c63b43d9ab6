public import ProcessorHost
public import Tracing

/// Samples no span. The trace state is the parent's.
public struct AlwaysOffSampler: Sampler {
  /// A sampler.
  public init() {}

  /// `AlwaysOffSampler`, as the specification wants it.
  public var description: String { "AlwaysOffSampler" }

  /// Drops the span.
  public func shouldSample(
    parent: SpanContext?, traceID: TraceID, name: String, kind: Tracing.SpanKind, attributes: SpanAttributes
  ) -> SamplingResult {
    SamplingResult(.drop, traceState: parent?.traceState ?? TraceState())
  }
}
