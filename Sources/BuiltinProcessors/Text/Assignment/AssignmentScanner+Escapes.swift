/// Values in percent-escaped JSON: `%22auth%22%3A%22x%22`.
extension AssignmentScanner {
  /// A string or a structure that begins with an escaped quote or bracket at an index.
  func escapedValue(at index: Int) -> Range<Int>? {
    var open = index
    // `u%27x%27`, as `quotedValue` knows it.
    if Self.isStringPrefix(text[index]), let quote = text.percentEscape(at: index + 1), quote.byte.isQuote {
      open += 1
    }
    var backslashes = 0
    while backslashes < 64, character(at: open).byte == UInt8(ascii: "\\") {
      open += character(at: open).length
      backslashes += 1
    }
    guard let escape = text.percentEscape(at: open) else { return nil }
    let start = open + escape.length
    if escape.byte.isQuote {
      return start..<escapedStringEnd(from: start, until: escape.byte, level: EscapeLevel.of(backslashes))
    }
    return escape.byte.isOpening && open == index ? index..<escapedBalancedEnd(from: index) : nil
  }

  /// Where a string ends, before the backslashes of its closing quote.
  private func escapedStringEnd(from start: Int, until quote: UInt8, level: Int) -> Int {
    var index = start
    var backslashes = 0
    var backslashStart = start
    while index < text.count, !endsEscapes(text[index]) {
      let (byte, length) = character(at: index)
      if byte == quote, EscapeLevel.closes(backslashes, level) { return level > 0 ? backslashStart : index }
      if byte == UInt8(ascii: "\\") {
        if backslashes == 0 { backslashStart = index }
        backslashes += 1
      } else {
        backslashes = 0
        backslashStart = index + length
      }
      index += length
    }
    return index
  }

  private func escapedBalancedEnd(from start: Int) -> Int {
    var index = start
    var depth = 0
    while index < text.count, !endsEscapes(text[index]) {
      let (byte, length) = character(at: index)
      if byte.isOpening { depth += 1 }
      if byte.isClosing { depth -= 1 }
      index += length
      if depth == 0 { break }
    }
    return index
  }

  /// What would be escaped within escaped text.
  private func endsEscapes(_ byte: UInt8) -> Bool {
    byte.isSpaceOrControl || byte.isQuote || byte == UInt8(ascii: "&")
  }
}
