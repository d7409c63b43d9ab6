public import Logging
internal import Tracing

extension Logger.MetadataProvider {
  /// Puts `trace_id` and `span_id` of the active span on each line of the log, so that logs and traces find each other.
  ///
  ///     LoggingSystem.bootstrap(StreamLogHandler.standardError, metadataProvider: .processorHost)
  ///
  /// Nothing where no span is active. OpenTelemetry specification: Trace Context in non-OTLP Log Formats.
  public static let processorHost = Logger.MetadataProvider {
    guard let span = InstrumentationContext.current?.spanContext, span.isValid else { return [:] }
    return [
      "trace_id": "\(span.traceID)", "span_id": "\(span.spanID)",
      "trace_flags": span.isSampled ? "01" : "00",
    ]
  }
}
