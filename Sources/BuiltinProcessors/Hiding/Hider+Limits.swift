internal import ProcessorHost

extension Hider {
  /// Leaves out what exceeds the limits, the last ones first, and counts it in the span's own dropped counts.
  ///
  /// Of several limits the lowest counts, whatever their order.
  func limit(_ span: SpanWorkspace) {
    limit(span, FieldNumber.Span.attributes, lowest(\.attributes), FieldNumber.Span.droppedAttributesCount)
    limit(span, FieldNumber.Span.events, lowest(\.events), FieldNumber.Span.droppedEventsCount)
    limit(span, FieldNumber.Span.links, lowest(\.links), FieldNumber.Span.droppedLinksCount)
  }

  private typealias Limit = (step: Int, bound: Int)

  private func lowest(_ bound: (AttributeLimits) -> Int?) -> Limit? {
    var lowest: Limit?
    for (step, limits, condition) in policy.limits {
      if let condition, condition & requested == 0 { continue }
      guard let bound = bound(limits), bound < lowest?.bound ?? .max else { continue }
      lowest = (step, bound)
    }
    return lowest
  }

  private func limit(_ span: SpanWorkspace, _ number: UInt32, _ limit: Limit?, _ counter: UInt32) {
    guard let (step, bound) = limit else { return }
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
