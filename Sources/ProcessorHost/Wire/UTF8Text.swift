/// UTF-8 as the Unicode standard defines it (table 3-7): no surrogates, no overlong forms, nothing past U+10FFFF.
@usableFromInline
package enum UTF8Text {
  /// Whether the bytes are well-formed UTF-8. Eight bytes at a time while they are ASCII.
  ///
  /// Memory safety: reads `count` bytes from `start`, no more.
  @inlinable
  package static func isValid(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var index = 0
    let raw = UnsafeRawPointer(start)
    while index &+ 8 <= count {
      if raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { break }
      index &+= 8
    }
    while index < count, start[index] < 0x80 { index &+= 1 }
    return index == count || isValidBeyondASCII(start + index, count - index)
  }

  @usableFromInline
  package static func isValidBeyondASCII(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var index = 0
    while index < count {
      let lead = start[index]
      index += 1
      if lead < 0x80 { continue }
      let followers: Int
      var low: UInt8 = 0x80
      var high: UInt8 = 0xBF
      switch lead {
      case 0xC2...0xDF: followers = 1
      case 0xE0: (followers, low) = (2, 0xA0)
      case 0xE1...0xEC, 0xEE, 0xEF: followers = 2
      case 0xED: (followers, high) = (2, 0x9F)
      case 0xF0: (followers, low) = (3, 0x90)
      case 0xF1...0xF3: followers = 3
      case 0xF4: (followers, high) = (3, 0x8F)
      default: return false
      }
      guard index + followers <= count, start[index] >= low, start[index] <= high else { return false }
      for next in 1..<max(followers, 1) where start[index + next] & 0xC0 != 0x80 { return false }
      index += followers
    }
    return true
  }

  /// How many bytes the first `scalars` Unicode scalars take, and whether more follow.
  package static func prefixLength(
    _ start: UnsafePointer<UInt8>, _ count: Int, scalars: Int
  ) -> (bytes: Int, isCut: Bool) {
    if count <= scalars { return (count, false) }
    var index = 0
    // As long as bytes are ASCII, each is a character.
    while index &+ 8 <= scalars,
      UnsafeRawPointer(start).loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    {
      index &+= 8
    }
    var seen = index
    while index < count {
      if start[index] & 0xC0 != 0x80 {
        if seen == scalars { return (index, true) }
        seen += 1
      }
      index += 1
    }
    return (count, false)
  }
}
