/// What bytes are to somebody who reads assignments.
extension UInt8 {
  /// What the name of an assignment is made of.
  @inline(__always)
  var isName: Bool {
    if isLetter || isDigit || self >= 0x80 { return true }
    switch self {
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "$"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "%"):
      return true
    default: return false
    }
  }

  /// What can stand between an escaped name and its separator.
  var closesName: Bool {
    isQuote || self == UInt8(ascii: "\\") || isBlank
  }

  /// What names are made of when they are read from left to right: nothing that could be an escaped separator, behind
  /// which a value might begin.
  @inline(__always)
  var isPlainName: Bool { isName && self != UInt8(ascii: "%") }

  /// What ends a value that stands without quotes.
  @inline(__always)
  var endsRun: Bool {
    switch self {
    case 0...0x20, 0x7F, UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "\""),
      UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ")"),
      UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "|"):
      return true
    default: return false
    }
  }
}
