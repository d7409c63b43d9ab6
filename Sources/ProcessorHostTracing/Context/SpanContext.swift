public import ProcessorHost

/// What of a span travels: to its children, to other processes, into logs. OpenTelemetry specification: Trace API,
/// SpanContext.
public struct SpanContext: Sendable, Hashable {
  /// The trace that the span belongs to.
  public var traceID: TraceID
  /// The span.
  public var spanID: SpanID
  /// Whether it is sampled, and whether its trace id is random.
  public var traceFlags: TraceFlags
  /// What tracing systems on the way have noted.
  public var traceState: TraceState
  /// Whether it came from another process.
  public var isRemote: Bool

  /// A span context of these parts.
  public init(
    traceID: TraceID, spanID: SpanID, traceFlags: TraceFlags = [], traceState: TraceState = TraceState(),
    isRemote: Bool = false
  ) {
    self.traceID = traceID
    self.spanID = spanID
    self.traceFlags = traceFlags
    self.traceState = traceState
    self.isRemote = isRemote
  }

  /// Whether both ids have a bit that is not zero, as W3C Trace Context asks for.
  public var isValid: Bool { (traceID.high | traceID.low) != 0 && spanID.value != 0 }

  /// Whether the span is recorded somewhere.
  public var isSampled: Bool { traceFlags.contains(.sampled) }
}

/// The flags of a trace. W3C Trace Context Level 2, trace-flags.
public struct TraceFlags: OptionSet, Sendable, Hashable {
  /// The bits, as `traceparent` has them.
  public let rawValue: UInt8

  /// The flags of these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The caller may have recorded the trace.
  public static let sampled = TraceFlags(rawValue: 0x01)
  /// The last seven bytes of the trace id are random.
  public static let random = TraceFlags(rawValue: 0x02)
}
