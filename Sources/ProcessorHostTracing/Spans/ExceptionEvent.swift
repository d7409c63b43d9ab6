internal import Tracing

/// An error as an event. OpenTelemetry semantic conventions: Exceptions on spans.
enum ExceptionEvent {
  static func make(
    _ error: any Error, _ attributes: SpanAttributes, at instant: some TracerInstant, stackTraces: Bool
  ) -> Tracing.SpanEvent {
    var all = attributes
    all.set("exception.type", value: .string(String(reflecting: type(of: error))))
    all.set("exception.message", value: .string(String(describing: error)))
    if stackTraces, let trace = StackTrace.here() { all.set("exception.stacktrace", value: .string(trace)) }
    return Tracing.SpanEvent(name: "exception", at: instant, attributes: all)
  }
}
