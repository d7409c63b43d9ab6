/// Turns the content of JSON strings into UTF-8.
struct JSONText {
  /// Strings that were not UTF-8.
  var invalidStrings = 0
  /// Surrogates without their other half.
  var loneSurrogates = 0

  /// Appends what the string stands for, U+FFFD in place of what is no text.
  ///
  /// - Precondition: `string` was scanned in the text at `base`, which does not lie in `output`.
  mutating func append(_ string: JSONString, of base: UnsafePointer<UInt8>, to output: WireBuffer) {
    if string.isPlain, string.isASCII || UTF8Text.isValid(base + string.start, string.count) {
      output.append(base + string.start, string.count)
      return
    }
    var isValid = true
    var at = string.start
    while at < string.end {
      if base[at] == JSONByte.backslash {
        at = appendEscape(at, string.end, base, output)
        continue
      }
      let runStart = at
      repeat { at += 1 } while at < string.end && base[at] != JSONByte.backslash
      isValid = appendRun(base + runStart, at - runStart, output) && isValid
    }
    if !isValid { invalidStrings += 1 }
  }

  private func appendRun(_ start: UnsafePointer<UInt8>, _ count: Int, _ output: WireBuffer) -> Bool {
    if UTF8Text.isValid(start, count) {
      output.append(start, count)
      return true
    }
    output.append(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self).utf8)
    return false
  }

  /// Appends what the escape at `at` stands for; returns where it ends.
  private mutating func appendEscape(
    _ at: Int, _ end: Int, _ base: UnsafePointer<UInt8>, _ output: WireBuffer
  ) -> Int {
    let letter = base[at + 1]
    guard letter == JSONByte.lowerU else {
      output.append(Self.meaning(of: letter))
      return at + 2
    }
    let unit = Self.codeUnit(base + at + 2)
    guard unit & 0xF800 == 0xD800 else {
      Self.append(unit, to: output)
      return at + 6
    }
    if unit < 0xDC00, end - at >= 12, base[at + 6] == JSONByte.backslash, base[at + 7] == JSONByte.lowerU {
      let low = Self.codeUnit(base + at + 8)
      if low & 0xFC00 == 0xDC00 {
        Self.append(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF), to: output)
        return at + 12
      }
    }
    loneSurrogates += 1
    Self.append(0xFFFD, to: output)
    return at + 6
  }

  private static func meaning(of letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }

  private static func codeUnit(_ digits: UnsafePointer<UInt8>) -> UInt32 {
    (0..<4).reduce(0) { $0 << 4 | UInt32(Hexadecimal.digit(digits[$1]) ?? 0) }
  }

  private static func append(_ scalar: UInt32, to output: WireBuffer) {
    let follower = { (shift: UInt32) in UInt8(truncatingIfNeeded: scalar >> shift & 0x3F | 0x80) }
    switch scalar {
    case ..<0x80:
      output.append(UInt8(truncatingIfNeeded: scalar))
    case ..<0x800:
      output.append(UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0))
      output.append(follower(0))
    case ..<0x10000:
      output.append(UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0))
      output.append(follower(6))
      output.append(follower(0))
    default:
      output.append(UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0))
      output.append(follower(12))
      output.append(follower(6))
      output.append(follower(0))
    }
  }
}
