/// The frame of a span: what may leave when nobody can say what else is safe.
///
/// It keeps ids, times, kind, status code, flags and the `ot=` member of the trace state. Its name becomes
/// `[stripped]`; attributes, events, links, texts and unknown fields go.
package enum StrippedSpan {
  package static let name = "[stripped]"

  /// Attributes of the resource that stay beside a stripped span; they are hidden as ever.
  static let resourceKeys = ["service.name", "service.version", "service.instance.id"]
  static let resourcePrefix = "telemetry.sdk."

  /// Appends the frame of the span in the workspace.
  package static func encode(_ span: SpanWorkspace, into output: WireBuffer) {
    for slot in span.slots where slot.source == .batch {
      let bytes = span.base
      switch (slot.number, slot.type) {
      case (FieldNumber.Span.traceID, .lengthDelimited), (FieldNumber.Span.spanID, .lengthDelimited),
        (FieldNumber.Span.parentSpanID, .lengthDelimited), (FieldNumber.Span.kind, .varint),
        (FieldNumber.Span.startTime, .fixed64), (FieldNumber.Span.endTime, .fixed64),
        (FieldNumber.Span.flags, .fixed32):
        output.append(bytes + Int(slot.start), Int(slot.end - slot.start))
      default: break
      }
    }
    let traceState = span.text(FieldNumber.Span.traceState)
    if let member = openTelemetryMember(of: traceState) {
      output.appendTag(FieldNumber.Span.traceState, .lengthDelimited)
      output.appendVarint(UInt64(member.count))
      output.append(member)
    }
    output.appendTag(FieldNumber.Span.name, .lengthDelimited)
    output.appendText(name)
    let code = span.status.code
    if code != 0 {
      output.appendMessage(FieldNumber.Span.status) {
        output.appendTag(FieldNumber.Status.code, .varint)
        output.appendVarint(code)
      }
    }
  }

  /// The `ResourceSpans` fields that stay: the resource with the attributes that say who sent the span.
  package static func resourceHeader(_ span: SpanWorkspace) -> [UInt8] {
    guard span.resource != nil else { return [] }
    let output = WireBuffer()
    output.appendMessage(FieldNumber.ResourceSpans.resource) {
      for entry in span.attributes(in: span.resource, FieldNumber.Resource.attributes) {
        guard case .string = entry.value, resourceKeys.contains(entry.key) || entry.key.hasPrefix(resourcePrefix)
        else { continue }
        output.appendMessage(FieldNumber.Resource.attributes) { entry.encode(into: output) }
      }
    }
    return Array(output.bytes)
  }

  /// The `ot=…` member of a trace state, as far as it holds what OpenTelemetry defines: sampling numbers.
  private static func openTelemetryMember(of state: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    for member in state.split(separator: UInt8(ascii: ",")) {
      let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
      var text = member[...].drop(while: isSpace)
      while let last = text.last, isSpace(last) { text.removeLast() }
      guard text.starts(with: "ot=".utf8) else { continue }
      let fields = text.dropFirst(3).split(separator: UInt8(ascii: ";")).filter { field in
        (field.starts(with: "th:".utf8) || field.starts(with: "rv:".utf8)) && field.count <= 17
          && field.dropFirst(3).allSatisfy(isHexadecimal)
      }
      if fields.isEmpty { return nil }
      return Array("ot=".utf8) + Array(fields.joined(separator: [UInt8(ascii: ";")]))
    }
    return nil
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
