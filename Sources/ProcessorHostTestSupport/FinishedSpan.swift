public import ProcessorHost

/// A span as it left the rules, decoded.
public struct FinishedSpan: Sendable, Equatable {
  /// The trace that it belongs to.
  public var traceID: TraceID
  /// The span.
  public var spanID: SpanID
  /// The span in which it was started; nil for the root of a trace.
  public var parentSpanID: SpanID?
  /// The W3C trace state.
  public var traceState: String
  /// The name.
  public var name: String
  /// The kind.
  public var kind: SpanKind
  /// When it started, in nanoseconds since 1970.
  public var startTimeUnixNano: UInt64
  /// When it ended, in nanoseconds since 1970.
  public var endTimeUnixNano: UInt64
  /// The attributes, by key.
  public var attributes: [String: AttributeValue]
  /// What happened, in its order.
  public var events: [SpanEvent]
  /// The pointers to other spans.
  public var links: [SpanLink]
  /// How it went.
  public var statusCode: StatusCode
  /// What was said of an error; empty where nothing was.
  public var statusMessage: String
  /// The attributes of the resource, by key.
  public var resource: [String: AttributeValue]
  /// The attributes of the instrumentation scope, by key: the digest of the rules is one.
  public var scope: [String: AttributeValue]

  init(_ span: PlainSpan) {
    traceID = span.traceID
    spanID = span.spanID
    parentSpanID = span.parentSpanID
    traceState = span.traceState
    name = span.name
    kind = SpanKind(rawValue: Int(truncatingIfNeeded: span.kind)) ?? .unspecified
    startTimeUnixNano = span.startTimeUnixNano
    endTimeUnixNano = span.endTimeUnixNano
    attributes = Self.byKey(span.attributes)
    events = span.events
    links = span.links
    statusCode = StatusCode(rawValue: Int(truncatingIfNeeded: span.statusCode)) ?? .unset
    statusMessage = span.statusMessage
    resource = Self.byKey(span.resource)
    scope = Self.byKey(span.scopeAttributes)
  }

  private static func byKey(_ entries: [AttributeValue.Entry]) -> [String: AttributeValue] {
    Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }
}
