internal import ProcessorHost
internal import ProcessorHostTracing
internal import Synchronization
internal import Tracing

/// Gives each span the ids that it had when it was recorded.
final class RecordedIDs: IDGenerator {
  private let current: Mutex<(trace: TraceID, span: SpanID)>

  init(_ spans: [PlainSpan]) { current = Mutex((TraceID(high: 0, low: 1), SpanID(1))) }

  func next(_ span: PlainSpan) { current.withLock { $0 = (span.traceID, span.spanID) } }

  func makeTraceID() -> TraceID { current.withLock { $0.trace } }

  func makeSpanID() -> SpanID { current.withLock { $0.span } }
}

/// Makes a recorded span through the tracer. What swift-distributed-tracing has no words for, maps and bytes, is left out.
enum Replay {
  static func make(_ recorded: PlainSpan, _ tracer: HostTracer) {
    var context = InstrumentationContext.topLevel
    if let parent = recorded.parentSpanID {
      context.spanContext = SpanContext(
        traceID: recorded.traceID, spanID: parent, traceFlags: .sampled, isRemote: recorded.flags & 0x200 != 0)
    }
    let start = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: recorded.startTimeUnixNano)
    let span = tracer.startSpan(recorded.name, context: context, ofKind: kind(recorded.kind), at: start)
    span.attributes = attributes(recorded.attributes)
    for event in recorded.events {
      let time = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: event.timeUnixNano)
      span.addEvent(Tracing.SpanEvent(name: event.name, at: time, attributes: attributes(event.attributes)))
    }
    for link in recorded.links {
      var target = InstrumentationContext.topLevel
      target.spanContext = SpanContext(traceID: link.traceID, spanID: link.spanID, isRemote: link.flags & 0x200 != 0)
      span.addLink(Tracing.SpanLink(context: target, attributes: attributes(link.attributes)))
    }
    if recorded.statusCode == 1 { span.setStatus(SpanStatus(code: .ok)) }
    if recorded.statusCode == 2 { span.setStatus(SpanStatus(code: .error, message: recorded.statusMessage)) }
    span.end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: recorded.endTimeUnixNano))
  }

  private static func kind(_ kind: UInt64) -> Tracing.SpanKind {
    switch ProcessorHost.SpanKind(rawValue: Int(truncatingIfNeeded: kind)) {
    case .server: .server
    case .client: .client
    case .producer: .producer
    case .consumer: .consumer
    default: .internal
    }
  }

  private static func attributes(_ entries: [AttributeValue.Entry]) -> SpanAttributes {
    var attributes: SpanAttributes = [:]
    for entry in entries { attributes.set(entry.key, value: attribute(entry.value)) }
    return attributes
  }

  private static func attribute(_ value: AttributeValue) -> SpanAttribute? {
    switch value {
    case .string(let text): .string(text)
    case .bool(let flag): .bool(flag)
    case .int(let number): .int64(number)
    case .double(let number): .double(number)
    case .array(let values):
      .stringArray(values.compactMap { if case .string(let text) = $0 { text } else { nil } })
    case .map, .bytes, .empty: nil
    }
  }
}
