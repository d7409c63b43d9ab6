/// What follows the word `Basic` in an `Authorization` header: base64 of a user's name, a colon and a password.
enum BasicCredentials {
  /// Where the credentials that begin here end, if they are some.
  static func end<Text: ByteText>(from start: Int, in text: Text) -> Int? {
    let end = text.end(of: [.base64, .hyphen, .underscore], from: start)
    guard end - start >= 4, isUserAndPassword(start..<end, text) else { return nil }
    var padded = end
    for _ in 0..<2 {
      if text[padded] == UInt8(ascii: "=") {
        padded += 1
      } else if text.hasInAnyCase("%3d", at: padded) {
        padded += 3
      }
    }
    return padded
  }

  /// Whether the bytes are text, and a colon is among them.
  private static func isUserAndPassword<Text: ByteText>(_ range: Range<Int>, _ text: Text) -> Bool {
    var bits = 0
    var bitCount = 0
    var hasColon = false
    var isASCII = true
    var isOneWord = true
    for index in range {
      let byte = text[index]
      if index > range.lowerBound, !ByteClass.small.contains(byte) { isOneWord = false }
      bits = (bits << 6 | sextet(byte)) & 0xFFFF
      bitCount += 6
      guard bitCount >= 8 else { continue }
      bitCount -= 8
      let decoded = UInt8(truncatingIfNeeded: bits >> bitCount)
      if decoded < 0x20 || decoded == 0x7F { return false }
      if decoded == UInt8(ascii: ":") { hasColon = true }
      if decoded >= 0x80 { isASCII = false }
    }
    // Some words are base64 of text with a colon, but never of plain ASCII: `Basic ozone`.
    return hasColon && (isASCII || !isOneWord)
  }

  private static func sextet(_ byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte &- UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte &- UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte &- UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    default: 63
    }
  }
}
