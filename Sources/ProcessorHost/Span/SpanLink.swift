/// A pointer to another span. OTLP: `Span.Link`.
public struct SpanLink: Sendable, Equatable {
  /// The trace of the linked span.
  public var traceID: TraceID
  /// The linked span.
  public var spanID: SpanID
  /// The W3C trace state of the linked span.
  public var traceState: String
  /// The attributes in the order they stand in.
  public var attributes: [AttributeValue.Entry]
  /// How many attributes were dropped before the link came here.
  public var droppedAttributesCount: UInt32
  /// The W3C trace flags and OTLP's bits above them.
  public var flags: UInt32

  /// A link to a span; what is not given is empty.
  public init(
    traceID: TraceID, spanID: SpanID, traceState: String = "", attributes: [AttributeValue.Entry] = [],
    droppedAttributesCount: UInt32 = 0, flags: UInt32 = 0
  ) {
    self.traceID = traceID
    self.spanID = spanID
    self.traceState = traceState
    self.attributes = attributes
    self.droppedAttributesCount = droppedAttributesCount
    self.flags = flags
  }

  package init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    self.init(traceID: TraceID(high: 0, low: 0), spanID: SpanID(0))
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      let content = UnsafeBufferPointer(start: base + field.payload, count: field.end - field.payload)
      switch (field.number, field.type) {
      case (FieldNumber.Link.traceID, .lengthDelimited):
        traceID = TraceID(
          high: WireBytes.bigEndian(content.prefix(8)), low: WireBytes.bigEndian(content.dropFirst(8)))
      case (FieldNumber.Link.spanID, .lengthDelimited): spanID = SpanID(WireBytes.bigEndian(content))
      case (FieldNumber.Link.traceState, .lengthDelimited): traceState = String(decoding: content, as: UTF8.self)
      case (FieldNumber.Link.attributes, .lengthDelimited):
        attributes.append(AttributeValue.Entry(base, field.payload..<field.end))
      case (FieldNumber.Link.droppedAttributesCount, .varint):
        droppedAttributesCount = UInt32(truncatingIfNeeded: field.value)
      case (FieldNumber.Link.flags, .fixed32): flags = UInt32(truncatingIfNeeded: field.value)
      default: break
      }
    }
  }

  /// Appends the content of a `Link` message.
  package func encode(into output: WireBuffer) {
    output.appendTag(FieldNumber.Link.traceID, .lengthDelimited)
    output.append(16)
    output.appendBigEndian(traceID.high)
    output.appendBigEndian(traceID.low)
    output.appendTag(FieldNumber.Link.spanID, .lengthDelimited)
    output.append(8)
    output.appendBigEndian(spanID.value)
    if !traceState.isEmpty {
      output.appendTag(FieldNumber.Link.traceState, .lengthDelimited)
      output.appendText(traceState)
    }
    for entry in attributes {
      output.appendMessage(FieldNumber.Link.attributes) { entry.encode(into: output) }
    }
    if droppedAttributesCount != 0 {
      output.appendTag(FieldNumber.Link.droppedAttributesCount, .varint)
      output.appendVarint(UInt64(droppedAttributesCount))
    }
    if flags != 0 {
      output.appendTag(FieldNumber.Link.flags, .fixed32)
      output.appendFixed32(flags)
    }
  }
}
