internal import ProcessorHost

extension Hider {
  /// Leaves out what exceeds the limits, the last ones first, and counts it in the span's own dropped counts.
  func limit(_ span: SpanWorkspace) {
    for (step, limits, condition) in policy.limits {
      if let condition, condition & requested == 0 { continue }
      limit(span, step, FieldNumber.Span.attributes, limits.attributes, FieldNumber.Span.droppedAttributesCount)
      limit(span, step, FieldNumber.Span.events, limits.events, FieldNumber.Span.droppedEventsCount)
      limit(span, step, FieldNumber.Span.links, limits.links, FieldNumber.Span.droppedLinksCount)
    }
  }

  private func limit(_ span: SpanWorkspace, _ step: Int, _ number: UInt32, _ bound: Int?, _ counter: UInt32) {
    guard let bound else { return }
    var seen = 0
    var dropped: UInt32 = 0
    for index in span.slots.indices where span.slots[index].number == number && !span.slots[index].isRemoved {
      seen += 1
      if seen > bound {
        span.remove(index)
        dropped += 1
      }
    }
    if dropped == 0 { return }
    countHit(step)
    let total = min(UInt64(span.number(counter)) + UInt64(dropped), UInt64(UInt32.max))
    let write = { (buffer: WireBuffer) in
      buffer.appendTag(counter, .varint)
      buffer.appendVarint(total)
    }
    if let index = span.firstSlot(counter, .varint) { span.replace(index, write) } else { span.add(write) }
  }
}
