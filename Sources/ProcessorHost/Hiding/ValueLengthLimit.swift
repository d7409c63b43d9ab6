/// Cuts the texts of attributes to a length, behind hiding: half a secret would match nothing.
///
/// OpenTelemetry specification: Attribute Limits. It stands for the attributes of the span, its events and its links, and
/// for each text of an array; keys and what is in maps are left alone.
struct ValueLengthLimit: Sendable {
  /// The most Unicode scalars of a text.
  let length: Int

  /// Only fields that have more bytes than a text may have characters are looked at.
  func apply(to span: SpanWorkspace) {
    for index in span.slots.indices {
      let slot = span.slots[index]
      guard slot.isLengthDelimited, !slot.isRemoved, slot.content.count > length else { continue }
      switch slot.number {
      case FieldNumber.Span.attributes: cutAttribute(span, index)
      case FieldNumber.Span.events: cutEvent(span, index)
      case FieldNumber.Span.links: cutLink(span, index)
      default: break
      }
    }
  }

  private func cutAttribute(_ span: SpanWorkspace, _ index: Int) {
    let slot = span.slots[index]
    let bytes = span.bytes(of: slot)
    guard slot.value.count > length, let value = cut(AttributeValue(bytes, slot.value)) else { return }
    let entry = AttributeValue.Entry(String(wire: bytes, slot.key), value)
    span.replace(index) { buffer in buffer.appendMessage(FieldNumber.Span.attributes) { entry.encode(into: buffer) } }
  }

  private func cutEvent(_ span: SpanWorkspace, _ index: Int) {
    let slot = span.slots[index]
    var event = SpanEvent(span.bytes(of: slot), slot.content)
    guard cut(&event.attributes) else { return }
    span.replace(index) { buffer in buffer.appendMessage(FieldNumber.Span.events) { event.encode(into: buffer) } }
  }

  private func cutLink(_ span: SpanWorkspace, _ index: Int) {
    let slot = span.slots[index]
    var link = SpanLink(span.bytes(of: slot), slot.content)
    guard cut(&link.attributes) else { return }
    span.replace(index) { buffer in buffer.appendMessage(FieldNumber.Span.links) { link.encode(into: buffer) } }
  }

  /// - Returns: whether anything was cut.
  private func cut(_ entries: inout [AttributeValue.Entry]) -> Bool {
    var hasCut = false
    for index in entries.indices {
      guard let value = cut(entries[index].value) else { continue }
      entries[index].value = value
      hasCut = true
    }
    return hasCut
  }

  /// The value with its texts cut; nil where none is too long.
  private func cut(_ value: AttributeValue) -> AttributeValue? {
    switch value {
    case .string(let text):
      let scalars = text.unicodeScalars
      guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex),
        end != scalars.endIndex
      else { return nil }
      return .string(String(scalars[..<end]))
    case .array(let values):
      let cuts = values.map(cut)
      if cuts.allSatisfy({ $0 == nil }) { return nil }
      return .array(zip(values, cuts).map { $1 ?? $0 })
    default: return nil
    }
  }
}
