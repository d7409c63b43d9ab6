/// A string where it stands in the text, its quotes left out.
struct JSONString {
  var start: Int
  var end: Int
  /// Nothing in it is escaped.
  var isPlain: Bool
  var isASCII: Bool

  var count: Int { end - start }
}

extension JSONScanner {
  /// Passes over the string that begins at the position. Its escapes are well-formed when this returns.
  ///
  /// Bytes that are not UTF-8 are no fault here; `JSONText` repairs them.
  mutating func string() throws(JSONFault) -> JSONString {
    let opening = position
    var at = opening &+ 1
    var isPlain = true
    var isASCII = true
    while true {
      at = skipUnremarkable(at)
      guard at < end else {
        throw JSONFault(.syntax, at: opening, expected: "a string that ends with a quote")
      }
      let byte = base[at]
      if byte >= 0x80 {
        isASCII = false
        repeat { at &+= 1 } while at < end && base[at] >= 0x80
      } else if byte == JSONByte.quote {
        position = at &+ 1
        return JSONString(start: opening &+ 1, end: at, isPlain: isPlain, isASCII: isASCII)
      } else if byte == JSONByte.backslash {
        isPlain = false
        at = try skipEscape(at)
      } else if byte < 0x20 {
        throw JSONFault(.syntax, at: at, expected: "control characters in strings to be escaped")
      } else {
        at &+= 1
      }
    }
  }

  /// The first place from `start` on with a quote, a backslash, a control character or a byte that is not ASCII, as
  /// far as whole words of eight bytes reach.
  private func skipUnremarkable(_ start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var at = start
    while at &+ 8 <= end {
      let word = UInt64(littleEndian: UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self))
      let quotes = word ^ (ones &* UInt64(JSONByte.quote))
      let backslashes = word ^ (ones &* UInt64(JSONByte.backslash))
      // Subtracting borrows only from bytes above a hit, so the lowest hit is always a true one.
      let hits =
        (((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes) | (word &- ones &* 0x20) & ~word | word)
        & highs
      if hits != 0 { return at &+ hits.trailingZeroBitCount / 8 }
      at &+= 8
    }
    return at
  }

  private func skipEscape(_ backslash: Int) throws(JSONFault) -> Int {
    let letter = backslash + 1 < end ? base[backslash + 1] : 0
    switch letter {
    case UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"),
      UInt8(ascii: "/"), JSONByte.quote, JSONByte.backslash:
      return backslash + 2
    case JSONByte.lowerU:
      guard end - backslash >= 6, (2..<6).allSatisfy({ Hexadecimal.digit(base[backslash + $0]) != nil }) else {
        throw JSONFault(.syntax, at: backslash, expected: "four hexadecimal digits after \\u")
      }
      return backslash + 6
    default:
      throw JSONFault(.syntax, at: backslash, expected: "an escape that JSON has")
    }
  }
}
