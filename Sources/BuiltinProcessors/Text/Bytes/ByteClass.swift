/// A set of ASCII bytes: letters and digits by their kind, and the marks that occur in tokens.
package struct ByteClass: OptionSet, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  static let digit = ByteClass(rawValue: 1 << 0)
  static let smallHex = ByteClass(rawValue: 1 << 1)
  static let capitalHex = ByteClass(rawValue: 1 << 2)
  static let smallBeyondHex = ByteClass(rawValue: 1 << 3)
  static let capitalBeyondHex = ByteClass(rawValue: 1 << 4)
  static let underscore = ByteClass(rawValue: 1 << 5)
  static let hyphen = ByteClass(rawValue: 1 << 6)
  static let dot = ByteClass(rawValue: 1 << 7)
  static let plus = ByteClass(rawValue: 1 << 8)
  static let slash = ByteClass(rawValue: 1 << 9)
  static let equals = ByteClass(rawValue: 1 << 10)
  static let tilde = ByteClass(rawValue: 1 << 11)
  static let percent = ByteClass(rawValue: 1 << 12)
  static let colon = ByteClass(rawValue: 1 << 13)
  /// A byte of a character beyond ASCII.
  static let beyondASCII = ByteClass(rawValue: 1 << 14)

  static let small: ByteClass = [.smallHex, .smallBeyondHex]
  static let capital: ByteClass = [.capitalHex, .capitalBeyondHex]
  static let letter: ByteClass = [.small, .capital]
  static let alphanumeric: ByteClass = [.letter, .digit]
  static let hex: ByteClass = [.digit, .smallHex, .capitalHex]
  static let lowerHex: ByteClass = [.digit, .smallHex]
  static let base64: ByteClass = [.alphanumeric, .plus, .slash]
  static let base64URL: ByteClass = [.alphanumeric, .hyphen, .underscore]

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool { rawValue & ByteClass.of(byte).rawValue != 0 }

  /// The one kind that a byte is of; none for white space, control characters and the other marks.
  @inline(__always)
  static func of(_ byte: UInt8) -> ByteClass {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case UInt8(ascii: "a")...UInt8(ascii: "f"): .smallHex
    case UInt8(ascii: "g")...UInt8(ascii: "z"): .smallBeyondHex
    case UInt8(ascii: "A")...UInt8(ascii: "F"): .capitalHex
    case UInt8(ascii: "G")...UInt8(ascii: "Z"): .capitalBeyondHex
    case UInt8(ascii: "_"): .underscore
    case UInt8(ascii: "-"): .hyphen
    case UInt8(ascii: "."): .dot
    case UInt8(ascii: "+"): .plus
    case UInt8(ascii: "/"): .slash
    case UInt8(ascii: "="): .equals
    case UInt8(ascii: "~"): .tilde
    case UInt8(ascii: "%"): .percent
    case UInt8(ascii: ":"): .colon
    case 0x80...: .beyondASCII
    default: []
    }
  }
}
