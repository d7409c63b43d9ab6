public import ProcessorHost
public import Tracing

/// Samples every span. The trace state is the parent's.
public struct AlwaysOnSampler: Sampler {
  /// A sampler.
  public init() {}

  /// `AlwaysOnSampler`, as the specification wants it.
  public var description: String { "AlwaysOnSampler" }

  /// Samples the span.
  public func shouldSample(
    parent: SpanContext?, traceID: TraceID, name: String, kind: Tracing.SpanKind, attributes: SpanAttributes
  ) -> SamplingResult {
    SamplingResult(.recordAndSample, traceState: parent?.traceState ?? TraceState())
  }
}
