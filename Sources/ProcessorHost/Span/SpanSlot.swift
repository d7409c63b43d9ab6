/// One field of the span at hand: where it stands, or what took its place.
///
/// Positions are offsets into the batch's bytes, or into the lane's scratch buffer for a field that was written.
@usableFromInline
package struct SpanSlot {
  @usableFromInline
  package enum Source {
    /// As it came.
    case batch
    /// Written by a rule, a processor or the hide phase.
    case scratch
    case removed
  }

  @usableFromInline package var number: UInt32
  @usableFromInline package var source: Source
  @usableFromInline package var type: WireType
  @usableFromInline package var start: UInt32
  @usableFromInline package var payload: UInt32
  @usableFromInline package var end: UInt32
  /// For attributes: the key's bytes.
  @usableFromInline package var keyStart: UInt32 = 0
  @usableFromInline package var keyEnd: UInt32 = 0
  /// For attributes: the content of the `AnyValue`.
  @usableFromInline package var valueStart: UInt32 = 0
  @usableFromInline package var valueEnd: UInt32 = 0

  @inlinable @inline(__always)
  package init(_ field: WireField, _ source: Source) {
    number = field.number
    type = field.type
    self.source = source
    start = UInt32(truncatingIfNeeded: field.start)
    payload = UInt32(truncatingIfNeeded: field.payload)
    end = UInt32(truncatingIfNeeded: field.end)
  }

  @inlinable @inline(__always)
  package var content: Range<Int> { Range(uncheckedBounds: (Int(payload), Int(end))) }
  @inlinable @inline(__always)
  package var key: Range<Int> { Range(uncheckedBounds: (Int(keyStart), Int(keyEnd))) }
  @inlinable @inline(__always)
  package var value: Range<Int> { Range(uncheckedBounds: (Int(valueStart), Int(valueEnd))) }
  @inlinable @inline(__always)
  package var isRemoved: Bool { if case .removed = source { true } else { false } }
  @inlinable @inline(__always)
  package var isWritten: Bool { if case .scratch = source { true } else { false } }
  @inlinable @inline(__always)
  package var isLengthDelimited: Bool { if case .lengthDelimited = type { true } else { false } }
  @inlinable @inline(__always)
  package var isAttribute: Bool { number == 9 && isLengthDelimited && !isRemoved }
}
