public import ProcessorHost

/// Makes the ids of traces and spans. OpenTelemetry specification: SDK, Id Generators.
public protocol IDGenerator: Sendable {
  /// Whether the last seven bytes of its trace ids are random. Then the flag `random` is set on new traces.
  var makesRandomTraceIDs: Bool { get }

  /// The id of a new trace; not all zero. Called from any thread, several at a time.
  func makeTraceID() -> TraceID

  /// The id of a new span; not zero. Called from any thread, several at a time.
  func makeSpanID() -> SpanID
}

extension IDGenerator {
  /// True.
  public var makesRandomTraceIDs: Bool { true }
}
