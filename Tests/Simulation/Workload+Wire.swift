internal import ProcessorHost

extension Workload {
  /// An OTLP request with these spans, from one resource.
  func encoded(_ indices: some Sequence<Int>) -> [UInt8] {
    let buffer = WireBuffer(capacity: 1 << 16)
    buffer.appendMessage(FieldNumber.Request.resourceSpans) {
      buffer.appendMessage(1) {
        buffer.appendMessage(1) {
          Self.append(buffer, 1, Array("service.name".utf8))
          buffer.appendMessage(2) { Self.append(buffer, 1, Array("app".utf8)) }
        }
      }
      buffer.appendMessage(2) {
        for index in indices { buffer.appendMessage(2) { append(spans[index], to: buffer) } }
      }
    }
    return Array(buffer.bytes)
  }

  private func append(_ span: Span, to buffer: WireBuffer) {
    let id = traces[span.trace].id
    buffer.appendTag(FieldNumber.Span.traceID, .lengthDelimited)
    buffer.appendVarint(16)
    buffer.appendBigEndian(id.high)
    buffer.appendBigEndian(id.low)
    Self.append(buffer, FieldNumber.Span.spanID, spanNumber: span.number)
    if span.number > 0 { Self.append(buffer, FieldNumber.Span.parentSpanID, spanNumber: 0) }
    Self.append(buffer, FieldNumber.Span.name, Array("work".utf8))
    buffer.appendTag(FieldNumber.Span.startTime, .fixed64)
    buffer.appendFixed64(Self.nanoseconds(span.start))
    buffer.appendTag(FieldNumber.Span.endTime, .fixed64)
    buffer.appendFixed64(Self.nanoseconds(span.end))
    buffer.appendMessage(FieldNumber.Span.attributes) {
      Self.append(buffer, 1, Array("text".utf8))
      buffer.appendMessage(2) { Self.append(buffer, 1, [UInt8](repeating: UInt8(ascii: "x"), count: span.size)) }
    }
    guard span.isError else { return }
    buffer.appendMessage(FieldNumber.Span.status) {
      buffer.appendTag(FieldNumber.Status.code, .varint)
      buffer.appendVarint(UInt64(StatusCode.error.rawValue))
    }
  }

  private static func append(_ buffer: WireBuffer, _ number: UInt32, _ text: [UInt8]) {
    buffer.appendTag(number, .lengthDelimited)
    buffer.appendVarint(UInt64(text.count))
    buffer.append(text)
  }

  private static func append(_ buffer: WireBuffer, _ field: UInt32, spanNumber: Int) {
    buffer.appendTag(field, .lengthDelimited)
    buffer.appendVarint(8)
    buffer.appendBigEndian(UInt64(spanNumber + 1))
  }

  /// Some moment is the start of the simulation: zero would be a time that nobody has set.
  private static func nanoseconds(_ seconds: Double) -> UInt64 { 1_750_000_000_000_000_000 + UInt64(seconds * 1e9) }
}
