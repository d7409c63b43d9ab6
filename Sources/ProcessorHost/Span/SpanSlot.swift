/// One field of the span at hand: where it stands, or what took its place.
///
/// Positions are offsets into the batch's bytes, or into the lane's scratch buffer for a field that was written.
package struct SpanSlot {
  package enum Source: UInt8 {
    /// As it came.
    case batch
    /// Written by a rule, a processor or the hide phase.
    case scratch
    case removed
  }

  package var number: UInt32
  package var source: Source
  package var type: WireType
  package var start: UInt32
  package var payload: UInt32
  package var end: UInt32
  /// For attributes: the key's bytes.
  package var keyStart: UInt32 = 0
  package var keyEnd: UInt32 = 0
  /// For attributes: the content of the `AnyValue`.
  package var valueStart: UInt32 = 0
  package var valueEnd: UInt32 = 0

  @inlinable
  package init(_ field: WireField, _ source: Source) {
    number = field.number
    type = field.type
    self.source = source
    start = UInt32(truncatingIfNeeded: field.start)
    payload = UInt32(truncatingIfNeeded: field.payload)
    end = UInt32(truncatingIfNeeded: field.end)
  }

  @inlinable
  package var content: Range<Int> { Int(payload)..<Int(end) }
  @inlinable
  package var key: Range<Int> { Int(keyStart)..<Int(keyEnd) }
  @inlinable
  package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
  @inlinable
  package var isAttribute: Bool { number == 9 && type == .lengthDelimited && source != .removed }
}
