/// A span of the app, from start to end. OpenTelemetry specification: Trace API, Span.
public final class HostSpan: Sendable {
  /// What of the span travels.
  public let spanContext: SpanContext

  init(_ spanContext: SpanContext) { self.spanContext = spanContext }
}
