/// What bytes are to somebody who reads text.
extension UInt8 {
  @inline(__always)
  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

  @inline(__always)
  var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }

  @inline(__always)
  var isAlphanumeric: Bool { isDigit || isLetter }

  /// White space of ASCII, and control characters.
  @inline(__always)
  var isSpaceOrControl: Bool { self <= 0x20 || self == 0x7F }

  /// A capital letter's small one; any other byte as it is.
  @inline(__always)
  var smallLetter: UInt8 { self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self }

  @inline(__always)
  var hexValue: UInt8? {
    if isDigit { return self &- UInt8(ascii: "0") }
    let letter = (self | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter + 10 : nil
  }

  @inline(__always)
  var isCapital: Bool { self &- UInt8(ascii: "A") < 26 }

  /// A space or a tab.
  @inline(__always)
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

  @inline(__always)
  var isNewline: Bool { self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r") }

  @inline(__always)
  var isQuote: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || self == UInt8(ascii: "`") }

  @inline(__always)
  var isOpening: Bool { self == UInt8(ascii: "(") || self == UInt8(ascii: "[") || self == UInt8(ascii: "{") }

  @inline(__always)
  var isClosing: Bool { self == UInt8(ascii: ")") || self == UInt8(ascii: "]") || self == UInt8(ascii: "}") }
}
