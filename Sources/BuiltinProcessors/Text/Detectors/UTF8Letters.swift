/// Which characters beyond ASCII can belong to a name, told roughly by their first bytes.
///
/// Quotation marks, dashes, spaces, arrows, full-width punctuation and emoji end a name; all others are taken for
/// letters.
enum UTF8Letters {
  /// The length of the character that begins here; 1 for a byte that begins none.
  @inline(__always)
  static func length<Text: ByteText>(at index: Int, _ text: Text) -> Int {
    let expected =
      switch text[index] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    for offset in 1..<max(expected, 1) where text[index + offset] & 0xC0 != 0x80 { return 1 }
    return expected
  }

  @inline(__always)
  static func isLetter<Text: ByteText>(at index: Int, _ text: Text) -> Bool {
    let first = text[index]
    guard first >= 0xC3, length(at: index, text) > 1 else { return false }
    let second = text[index + 1]
    switch first {
    case 0xE2: return second >= 0xB0 && second != 0xB8 && second != 0xB9
    case 0xE3: return second != 0x80
    case 0xEF: return !(second == 0xBC && isFullWidthMark(text[index + 2]) || second == 0xBB || second == 0xBF)
    case 0xF0: return second != 0x9F
    default: return true
    }
  }

  private static func isFullWidthMark(_ third: UInt8) -> Bool { third <= 0x8F || 0x9A...0xA0 ~= third }
}
