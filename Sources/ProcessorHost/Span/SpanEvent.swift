/// Something that happened during a span. OTLP: `Span.Event`.
public struct SpanEvent: Sendable, Equatable {
  /// Nanoseconds since the Unix epoch.
  public var timeUnixNano: UInt64
  /// The event's name.
  public var name: String
  /// The attributes in the order they stand in.
  public var attributes: [AttributeValue.Entry]
  /// How many attributes were dropped before the event came here.
  public var droppedAttributesCount: UInt32

  /// An event; what is not given is empty.
  public init(
    timeUnixNano: UInt64 = 0, name: String = "", attributes: [AttributeValue.Entry] = [],
    droppedAttributesCount: UInt32 = 0
  ) {
    self.timeUnixNano = timeUnixNano
    self.name = name
    self.attributes = attributes
    self.droppedAttributesCount = droppedAttributesCount
  }

  package init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    self.init()
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      switch (field.number, field.type) {
      case (FieldNumber.Event.time, .fixed64): timeUnixNano = field.value
      case (FieldNumber.Event.name, .lengthDelimited): name = String(wire: base, field.payload..<field.end)
      case (FieldNumber.Event.attributes, .lengthDelimited):
        attributes.append(AttributeValue.Entry(base, field.payload..<field.end))
      case (FieldNumber.Event.droppedAttributesCount, .varint):
        droppedAttributesCount = UInt32(truncatingIfNeeded: field.value)
      default: break
      }
    }
  }

  /// Appends the content of an `Event` message.
  package func encode(into output: WireBuffer) {
    if timeUnixNano != 0 {
      output.appendTag(FieldNumber.Event.time, .fixed64)
      output.appendFixed64(timeUnixNano)
    }
    if !name.isEmpty {
      output.appendTag(FieldNumber.Event.name, .lengthDelimited)
      output.appendText(name)
    }
    for entry in attributes {
      output.appendMessage(FieldNumber.Event.attributes) { entry.encode(into: output) }
    }
    if droppedAttributesCount != 0 {
      output.appendTag(FieldNumber.Event.droppedAttributesCount, .varint)
      output.appendVarint(UInt64(droppedAttributesCount))
    }
  }
}
