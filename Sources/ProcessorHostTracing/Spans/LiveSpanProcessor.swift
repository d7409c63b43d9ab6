public import ProcessorHost
public import Tracing

/// A processor that also sees spans when they start. OpenTelemetry specification: SDK, Span processor, OnStart.
public protocol LiveSpanProcessor: SpanProcessor {
  /// Called for each span that is recorded, on the thread that starts it, before the app has it: whatever it takes, the
  /// app waits for. It may set attributes, and keep nothing but the span itself.
  /// - Parameters:
  ///   - span: the span, which the app does not have yet.
  ///   - parentContext: the context in which the span starts.
  func onStart(_ span: HostSpan, parentContext: InstrumentationContext)
}

extension LiveSpanProcessor {
  /// Nothing.
  public func onEnding(_ span: borrowing ReadWriteSpan) throws {}
}
