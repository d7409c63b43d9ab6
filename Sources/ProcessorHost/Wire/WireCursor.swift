/// One field of a protobuf message, where it stands.
///
/// All positions are offsets from the base of the bytes that the cursor walks.
@usableFromInline
package struct WireField {
  /// The field number, 1 to 536,870,911.
  @usableFromInline package var number: UInt32
  @usableFromInline package var type: WireType
  /// Where the tag begins.
  @usableFromInline package var start: Int
  /// Where the value begins: after the tag and, for a length-delimited field, after the length.
  @usableFromInline package var payload: Int
  /// One past the last byte of the value.
  @usableFromInline package var end: Int
  /// The value of a varint or of a fixed-width field; zero for the other types.
  @usableFromInline package var value: UInt64

  @inlinable @inline(__always)
  package init(number: UInt32, type: WireType, start: Int, payload: Int, end: Int, value: UInt64) {
    self.number = number
    self.type = type
    self.start = start
    self.payload = payload
    self.end = end
    self.value = value
  }

  @inlinable @inline(__always)
  package var isLengthDelimited: Bool { if case .lengthDelimited = type { true } else { false } }

  /// The value of an enumeration: the low 32 bits, which are all that protobuf reads of it.
  @inlinable @inline(__always)
  package var enumeration: UInt64 { value & 0xFFFF_FFFF }

  /// Where the value stands.
  @inlinable @inline(__always)
  package var content: Range<Int> { Range(uncheckedBounds: (payload, end)) }
}

/// The wire types of protobuf's encoding.
@usableFromInline
package enum WireType: UInt8 {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case startGroup = 3
  case endGroup = 4
  case fixed32 = 5
}

/// Why bytes are not a protobuf message.
@usableFromInline
package enum WireFault: Error, Equatable {
  case truncated
  case overlongVarint
  case badFieldNumber
  case badWireType
  case unmatchedGroup
}

/// Walks the fields of one protobuf message.
///
/// Memory safety: every read is checked against `end`, and `end` never passes the length that the cursor was made
/// with, so malformed bytes end the walk or throw; they never read outside. What the type cannot check is that the
/// bytes outlive it: a cursor is made inside `withUnsafeBytes` (or over a lane's own buffer) and never stored.
@usableFromInline
package struct WireCursor {
  @usableFromInline package let base: UnsafePointer<UInt8>
  @usableFromInline package var position: Int
  @usableFromInline package let end: Int

  /// - Precondition: `range` lies inside the bytes that `base` points to.
  @inlinable
  package init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    self.base = base
    self.position = range.lowerBound
    self.end = range.upperBound
  }

  @inlinable
  package var isAtEnd: Bool { position >= end }

  /// The next field, or nil at the end of the message.
  ///
  /// A group is given as its start tag alone; `skipGroup` passes over the rest of it.
  @inlinable @inline(__always)
  package mutating func next() throws(WireFault) -> WireField? {
    if position >= end { return nil }
    let start = position
    let tag = try varint()
    let number = tag >> 3
    guard number >= 1, number <= 536_870_911 else { throw .badFieldNumber }
    var payload = position
    var value: UInt64 = 0
    let type: WireType
    switch tag & 7 {
    case 2:
      type = .lengthDelimited
      let length = try varint()
      payload = position
      guard length <= UInt64(bitPattern: Int64(end &- position)) else { throw .truncated }
      position &+= Int(truncatingIfNeeded: length)
    case 0:
      type = .varint
      value = try varint()
    case 1:
      type = .fixed64
      guard end &- position >= 8 else { throw .truncated }
      value = UInt64(littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
      position &+= 8
    case 5:
      type = .fixed32
      guard end &- position >= 4 else { throw .truncated }
      value = UInt64(UInt32(littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt32.self)))
      position &+= 4
    case 3: type = .startGroup
    case 4: type = .endGroup
    default: throw .badWireType
    }
    return WireField(
      number: UInt32(truncatingIfNeeded: number), type: type, start: start, payload: payload, end: position,
      value: value)
  }

  /// The next field of bytes that the door has passed, or nil at the end.
  ///
  /// Behind the door nothing is malformed; were it so all the same, the walk ends early instead of failing.
  @inlinable @inline(__always)
  package mutating func nextChecked() -> WireField? {
    do { return try next() } catch {
      position = end
      return nil
    }
  }

  @inlinable @inline(__always)
  package mutating func varint() throws(WireFault) -> UInt64 {
    guard position < end else { throw .truncated }
    let first = base[position]
    if first < 0x80 {
      position &+= 1
      return UInt64(first)
    }
    return try longVarint()
  }

  @usableFromInline
  mutating func longVarint() throws(WireFault) -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = base[position]
      position += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 {
        if shift == 63, byte > 1 { throw .overlongVarint }
        return result
      }
      shift += 7
      if shift > 63 { throw .overlongVarint }
    }
    throw .truncated
  }

  /// Passes over the fields of a group up to its end tag, however deep groups nest inside it.
  package mutating func skipGroup(_ number: UInt32) throws(WireFault) {
    var open = [number]
    while let innermost = open.last {
      guard let field = try next() else { throw .unmatchedGroup }
      switch field.type {
      case .startGroup: open.append(field.number)
      case .endGroup:
        guard field.number == innermost else { throw .unmatchedGroup }
        open.removeLast()
      default: break
      }
    }
  }
}
