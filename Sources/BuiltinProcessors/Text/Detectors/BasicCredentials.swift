/// What follows the word `Basic` in an `Authorization` header: base64 of a user's name, a colon and a password.
enum BasicCredentials {
  /// Where the credentials that begin here end, if they are some.
  ///
  /// What is glued to them goes along, and so does what is glued to a mark in their place, which says nothing itself.
  static func end<Text: ByteText>(from start: Int, in text: Text) -> Int? {
    // Behind a plus sign for a space, others stand for spaces, too. So no two words are followed by the same bytes.
    let plus: ByteClass = text[start - 1] == UInt8(ascii: "+") ? .plus : []
    let first = text.end(of: bytes.subtracting(plus), from: start)
    guard first - start >= 4 && isUserAndPassword(start..<first, text) || text.hasMark(at: first) else { return nil }
    var end = first
    var marked = 0
    while true {
      if text.hasMark(at: end) {
        marked += text.markLength
        end += text.markLength
      } else if text.hasInAnyCase("%3d", at: end) {
        end += 3
      } else {
        let next = text.end(of: bytes.union(.equals), from: end)
        if next == end { return end - start > marked ? end : nil }
        end = next
      }
    }
  }

  private static let bytes: ByteClass = [.base64, .hyphen, .underscore]

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
