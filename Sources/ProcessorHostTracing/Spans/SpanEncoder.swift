internal import ProcessorHost
internal import Tracing

/// Writes finished spans as the content of OTLP's `Span`, in the canonical form: the door would leave them as they are.
struct SpanEncoder {
  let output: WireBuffer
  let limits: SpanLimits

  func encode(
    _ span: HostSpan, _ content: SpanContent, _ own: (attributes: SpanAttributes, dropped: Int), endTimeUnixNano: UInt64
  ) {
    let identity = span.spanContext
    appendIDs(FieldNumber.Span.traceID, identity.traceID, FieldNumber.Span.spanID, identity.spanID)
    append(FieldNumber.Span.traceState, text: identity.traceState.description)
    if let parent = span.parent { append(FieldNumber.Span.parentSpanID, parent.spanID) }
    append(FieldNumber.Span.name, text: content.name)
    output.appendTag(FieldNumber.Span.kind, .varint)
    output.append(Self.number(of: span.kind))
    append(FieldNumber.Span.startTime, time: span.startTimeUnixNano)
    // A clock that was set back must not make a span end before it began.
    append(FieldNumber.Span.endTime, time: max(endTimeUnixNano, span.startTimeUnixNano))
    append(own.attributes, FieldNumber.Span.attributes)
    append(FieldNumber.Span.droppedAttributesCount, count: own.dropped)
    for event in content.events { append(event) }
    append(FieldNumber.Span.droppedEventsCount, count: content.droppedEvents)
    for link in content.links { append(link) }
    append(FieldNumber.Span.droppedLinksCount, count: content.droppedLinks)
    if let status = content.status { append(status) }
    output.appendTag(FieldNumber.Span.flags, .fixed32)
    output.appendFixed32(Self.flags(identity, isParentRemote: span.parent?.isRemote ?? false))
  }

  // MARK: Parts

  private func append(_ event: Tracing.SpanEvent) {
    output.appendMessage(FieldNumber.Span.events) {
      append(FieldNumber.Event.time, time: event.nanosecondsSinceEpoch)
      append(FieldNumber.Event.name, text: event.name)
      let dropped = append(event.attributes, FieldNumber.Event.attributes, atMost: limits.eventAttributeCount)
      append(FieldNumber.Event.droppedAttributesCount, count: dropped)
    }
  }

  private func append(_ link: RecordedLink) {
    output.appendMessage(FieldNumber.Span.links) {
      appendIDs(FieldNumber.Link.traceID, link.target.traceID, FieldNumber.Link.spanID, link.target.spanID)
      append(FieldNumber.Link.traceState, text: link.target.traceState.description)
      let dropped = append(link.attributes, FieldNumber.Link.attributes, atMost: limits.linkAttributeCount)
      append(FieldNumber.Link.droppedAttributesCount, count: dropped)
      output.appendTag(FieldNumber.Link.flags, .fixed32)
      output.appendFixed32(Self.flags(link.target, isParentRemote: link.target.isRemote))
    }
  }

  /// OpenTelemetry specification: Trace API, Set Status: a description goes with errors only.
  private func append(_ status: SpanStatus) {
    output.appendMessage(FieldNumber.Span.status) {
      if status.code == .error { append(FieldNumber.Status.message, text: status.message ?? "") }
      output.appendTag(FieldNumber.Status.code, .varint)
      output.append(UInt8(status.code == .ok ? StatusCode.ok.rawValue : StatusCode.error.rawValue))
    }
  }

  /// Appends so many of the attributes; beyond that the first by their keys.
  /// - Returns: how many were left out.
  private func append(_ attributes: SpanAttributes, _ number: UInt32, atMost limit: Int) -> Int {
    guard attributes.count > limit else {
      append(attributes, number)
      return 0
    }
    var all: [(key: String, value: SpanAttribute)] = []
    attributes.visit { all.append(($0, $1)) }
    all.sort { $0.key < $1.key }
    let writer = AttributeEncoder(output: output)
    for (key, value) in all.prefix(limit) { writer.append(key, value, number) }
    return all.count - limit
  }

  private func append(_ attributes: SpanAttributes, _ number: UInt32) {
    if attributes.isEmpty { return }
    let writer = AttributeEncoder(output: output)
    attributes.visit { writer.append($0, $1, number) }
  }

  // MARK: Fields

  private func appendIDs(_ traceNumber: UInt32, _ traceID: TraceID, _ spanNumber: UInt32, _ spanID: SpanID) {
    output.appendTag(traceNumber, .lengthDelimited)
    output.append(16)
    output.appendBigEndian(traceID.high)
    output.appendBigEndian(traceID.low)
    append(spanNumber, spanID)
  }

  private func append(_ number: UInt32, _ spanID: SpanID) {
    output.appendTag(number, .lengthDelimited)
    output.append(8)
    output.appendBigEndian(spanID.value)
  }

  private func append(_ number: UInt32, text: String) {
    if text.isEmpty { return }
    output.appendTag(number, .lengthDelimited)
    output.appendText(text)
  }

  private func append(_ number: UInt32, time: UInt64) {
    output.appendTag(number, .fixed64)
    output.appendFixed64(time)
  }

  private func append(_ number: UInt32, count: Int) {
    if count == 0 { return }
    output.appendTag(number, .varint)
    output.appendVarint(UInt64(min(count, Int(UInt32.max))))
  }

  private static func number(of kind: Tracing.SpanKind) -> UInt8 {
    let kind: ProcessorHost.SpanKind =
      switch kind {
      case .internal: .internal
      case .server: .server
      case .client: .client
      case .producer: .producer
      case .consumer: .consumer
      }
    return UInt8(kind.rawValue)
  }

  /// The trace flags, and whether the parent is in another process. OTLP: `SpanFlags`.
  private static func flags(_ context: SpanContext, isParentRemote: Bool) -> UInt32 {
    UInt32(context.traceFlags.rawValue) | 0x100 | (isParentRemote ? 0x200 : 0)
  }
}
