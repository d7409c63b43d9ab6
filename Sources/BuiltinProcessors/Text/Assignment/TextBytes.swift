/// Bytes that a scan reads: a `ScannedText`, or in tests one that counts how often it is asked.
package protocol TextBytes {
  var count: Int { get }
  /// The byte at an index, or 0 outside the text.
  subscript(index: Int) -> UInt8 { get }
  /// The part of the text within a range; what lies outside is left out.
  subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> { get }
}

extension ScannedText: TextBytes {}

/// A character written as a percent escape, such as `%3D`, or escaped more than once, such as `%253D`.
struct PercentEscape {
  var byte: UInt8
  var length: Int
  /// How often it is escaped: 1 for `%3D`.
  var depth: Int

  static let maximumDepth = 3
}

extension TextBytes {
  /// The percent escape that begins at an index.
  @inline(__always)
  func percentEscape(at index: Int) -> PercentEscape? {
    guard self[index] == UInt8(ascii: "%") else { return nil }
    var digits = index + 1
    var depth = 1
    while depth < PercentEscape.maximumDepth, self[digits] == UInt8(ascii: "2"), self[digits + 1] == UInt8(ascii: "5"),
      ByteKind.hexDigit(self[digits + 2]) != nil, ByteKind.hexDigit(self[digits + 3]) != nil
    {
      digits += 2
      depth += 1
    }
    guard let high = ByteKind.hexDigit(self[digits]), let low = ByteKind.hexDigit(self[digits + 1]) else { return nil }
    return PercentEscape(byte: high << 4 | low, length: digits + 2 - index, depth: depth)
  }

  /// The ASCII character that a JSON escape such as `\u0026` at an index stands for.
  @inline(__always)
  func unicodeEscape(at index: Int) -> UInt8? {
    guard self[index] == UInt8(ascii: "\\"), self[index + 1] == UInt8(ascii: "u"), self[index + 2] == UInt8(ascii: "0"),
      self[index + 3] == UInt8(ascii: "0"), let high = ByteKind.hexDigit(self[index + 4]), high < 8,
      let low = ByteKind.hexDigit(self[index + 5])
    else { return nil }
    return high << 4 | low
  }

  /// How long a JSON escape such as `\u0026` is.
  var unicodeEscapeLength: Int { 6 }

  /// How long a quote at an index is that is written as an HTML entity or a JSON escape, such as `&quot;`.
  func escapedQuote(at index: Int) -> Int? {
    if self[index] == UInt8(ascii: "&") {
      if stands("&quot;", at: index) || stands("&apos;", at: index) { return 6 }
      return stands("&#34;", at: index) || stands("&#39;", at: index) ? 5 : nil
    }
    return unicodeEscape(at: index).flatMap { ByteKind.isQuote($0) ? unicodeEscapeLength : nil }
  }

  /// How many backslashes stand from an index on, as far as anybody nests strings in strings.
  @inline(__always)
  func backslashes(from index: Int) -> Int {
    var count = 0
    while count < 64, self[index + count] == UInt8(ascii: "\\") { count += 1 }
    return count
  }

  /// How many backslashes stand before an index, none of them before `floor`.
  @inline(__always)
  func backslashes(before index: Int, floor: Int) -> Int {
    var count = 0
    while count < 64, index - count > floor, self[index - count - 1] == UInt8(ascii: "\\") { count += 1 }
    return count
  }

  /// Whether a lower-case ASCII word stands at an index, in any case.
  @inline(__always)
  func stands(_ word: StaticString, at index: Int) -> Bool {
    guard index >= 0, index + word.utf8CodeUnitCount <= count else { return false }
    for offset in 0..<word.utf8CodeUnitCount where ByteKind.lowercased(self[index + offset]) != word.utf8Start[offset] {
      return false
    }
    return true
  }

  /// Whether what hidden text is replaced with stands at an index.
  @inline(__always)
  func hasMark(at index: Int) -> Bool {
    self[index] == UInt8(ascii: "[") && self[index + 1] == UInt8(ascii: "R") && equals("[REDACTED]", at: index)
  }

  private func equals(_ word: StaticString, at index: Int) -> Bool {
    for offset in 0..<word.utf8CodeUnitCount where self[index + offset] != word.utf8Start[offset] { return false }
    return true
  }

  /// How long the mark is.
  var markLength: Int { 10 }
}

/// What bytes are to somebody who reads assignments.
enum ByteKind {
  @inline(__always)
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  @inline(__always)
  static func isCapital(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 { byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte }

  @inline(__always)
  static func hexDigit(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte - UInt8(ascii: "0") }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter + 10 : nil
  }

  /// A space or a tab.
  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  @inline(__always)
  static func isNewline(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

  /// White space and control characters, also the zero byte outside the text.
  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") || byte == 0x7F }

  @inline(__always)
  static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
  }

  @inline(__always)
  static func isOpening(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{")
  }

  @inline(__always)
  static func isClosing(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
  }

  /// What the name of an assignment is made of.
  @inline(__always)
  static func isName(_ byte: UInt8) -> Bool {
    if isLetter(byte) || isDigit(byte) || byte >= 0x80 { return true }
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "$"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "%"):
      return true
    default: return false
    }
  }

  /// What can stand between an escaped name and its separator.
  static func closesName(_ byte: UInt8) -> Bool {
    isQuote(byte) || byte == UInt8(ascii: "\\") || isBlank(byte)
  }

  /// What names are made of when they are read from left to right: nothing that could be an escaped separator, behind
  /// which a value might begin.
  @inline(__always)
  static func isPlainName(_ byte: UInt8) -> Bool { isName(byte) && byte != UInt8(ascii: "%") }

  /// What ends a value that stands without quotes.
  @inline(__always)
  static func endsRun(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x7F, UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "\""),
      UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ")"),
      UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: "|"):
      return true
    default: return false
    }
  }
}
