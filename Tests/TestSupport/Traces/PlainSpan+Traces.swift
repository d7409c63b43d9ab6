package import ProcessorHost

extension UInt64 {
  /// So many seconds in nanoseconds.
  package static func seconds(_ count: Double) -> UInt64 { UInt64(count * 1_000_000_000) }
}

extension PlainSpan {
  /// A span of a trace that a number stands for.
  package static func of(
    trace: UInt64, id: UInt64, parent: UInt64? = nil, start: UInt64 = 1_000, end: UInt64 = 2_000,
    attributes: [AttributeValue.Entry] = [], service: String = "shop"
  ) -> PlainSpan {
    var span = PlainSpan()
    // Spread, as the randomness of real ids is in their last bytes.
    var generator = IDGenerator(state: trace)
    span.traceID = TraceID(high: trace, low: generator.next())
    span.spanID = SpanID(id)
    span.parentSpanID = parent.map { SpanID($0) }
    span.name = "span \(id)"
    span.startTimeUnixNano = start
    span.endTimeUnixNano = end
    span.attributes = attributes
    span.resource = [AttributeValue.Entry("service.name", .string(service))]
    span.scopeName = "test"
    return span
  }
}

/// Makes the low half of a trace id out of a number.
private struct IDGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    var value = (state &+ 1) &* 0x9e37_79b9_7f4a_7c15
    value = (value ^ (value >> 31)) &* 0xd6e8_feb8_6659_fd93
    return value ^ (value >> 32)
  }
}
