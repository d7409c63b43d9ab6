/// Where values end.
extension AssignmentScanner {
  // MARK: Without quotes

  /// The end of a value without quotes: at white space, or where whatever it stands in goes on.
  func runEnd(from start: Int, _ context: ValueContext) -> Int {
    var index = start
    var isWord = true
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "["), text.hasMark(at: index) {
        index += text.markLength
        continue
      }
      if byte.endsRun { break }
      switch byte {
      case UInt8(ascii: "#") where context.isQuery: return index
      case UInt8(ascii: "\\"):
        guard let next = behindBackslashes(at: index, inRun: true) else { return index }
        index = next
        continue
      case UInt8(ascii: "%") where context.depth > 0:
        if let escape = text.percentEscape(at: index), escape.depth <= context.depth, endsEscapedRun(escape.byte) {
          return index
        }
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        // `Some("x")`, `Optional(x y)`, `Token { … }` keep their secret inside.
        if isWord, index > start, !context.isQuery, context.depth == 0 {
          index = balancedEnd(from: index, inLine: true)
          continue
        }
      default: break
      }
      if !(index == start ? Self.beginsWord(byte) : Self.continuesWord(byte)) { isWord = false }
      index += 1
    }
    if text[index].isQuote { index -= text.backslashes(before: index, floor: start) }
    return index
  }

  /// A letter, or the sign before the braces of a variable such as `${password}`.
  private static func beginsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "#"), UInt8(ascii: "%"): true
    default: byte.isLetter
    }
  }

  private static func continuesWord(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: ":")
  }

  private func endsEscapedRun(_ byte: UInt8) -> Bool { byte.endsRun || byte == UInt8(ascii: "#") }

  /// Behind a run of backslashes; nil if they end a value without quotes, since they write a line break or, if it is
  /// not a whole line, a character at which it ends.
  private func behindBackslashes(at index: Int, inRun: Bool) -> Int? {
    if inRun, let escaped = text.unicodeEscape(at: index), escaped.endsRun { return nil }
    let count = text.backslashes(from: index)
    return breaksLine(at: index + count, inRun: inRun) ? nil : index + count
  }

  /// Whether the letter behind backslashes makes them a line break: `r` before `\n`, or `n` before what looks like
  /// another line. A folder or a domain with such a name does not.
  private func breaksLine(at letter: Int, inRun: Bool) -> Bool {
    if text[letter] == UInt8(ascii: "r") {
      return text[letter + 1] == UInt8(ascii: "\\")
        && text[letter + 1 + text.backslashes(from: letter + 1)] == UInt8(ascii: "n")
    }
    guard text[letter] == UInt8(ascii: "n") else { return false }
    var end = letter + 1
    while end - letter < AssignmentName.maximumLength, text[end].isPlainName { end += 1 }
    if end == letter + 1 { return true }
    // A word of prose too much is hidden rather than half of `DOMAIN\name`.
    if text[end].isBlank { return !inRun }
    return text[end] == UInt8(ascii: ":") || text[end] == UInt8(ascii: "=")
  }

  /// The end of what follows a word such as `Bearer`, if one stands here.
  func schemeEnd(from start: Int, _ context: ValueContext) -> Int? {
    var end = start
    while end - start < 24,
      text[end].isLetter || text[end].isDigit || text[end] == UInt8(ascii: "-")
    {
      end += 1
    }
    var next = skipBlanks(from: end)
    if context.depth > 0 || context.isQuery {
      if text[next] == UInt8(ascii: "+") {
        next += 1
      } else if let escape = text.percentEscape(at: next), escape.byte == UInt8(ascii: " ") {
        next += escape.length
      }
    }
    guard next > end, let scheme = AuthorizationScheme(text[start..<end]) else { return nil }
    if scheme == .parameters { return lineEnd(from: next, level: enclosingLevel(from: next)) }
    if let quoted = quotedValue(at: next) { return quoted.upperBound }
    return runEnd(from: next, context)
  }

  /// The string that parameters stand in, by the first quote among them: one level out of it.
  private func enclosingLevel(from start: Int) -> (UInt8, Int)? {
    var index = start
    while index < text.count, !text[index].isNewline, !text[index].isQuote { index += 1 }
    let level = EscapeLevel.of(text.backslashes(before: index, floor: start))
    return text[index].isQuote && level > 0 ? (text[index], level - 1) : nil
  }

  /// The end of `a=b; c=d`, which goes on behind a semicolon.
  func cookieEnd(from start: Int) -> Int {
    var end = runEnd(from: start, ValueContext())
    while text[end] == UInt8(ascii: ";") {
      let next = skipBlanks(from: end + 1)
      let further = runEnd(from: next, ValueContext())
      if further == next { return end }
      end = further
    }
    return end
  }

  // MARK: Lines

  /// A value that goes to the end of its line, or of the string around it.
  func lineValue(from start: Int, level: (UInt8, Int)?) -> Range<Int>? {
    let end = text[start].isOpening ? balancedEnd(from: start) : start
    if end == start {
      // `token: null, user: bob`
      let first = runEnd(from: start, ValueContext())
      if first == start || (text[first] == UInt8(ascii: ",") && isNoValue(start..<first)) { return nil }
    }
    return value(trimmed: start..<lineEnd(from: end, level: level))
  }

  func lineEnd(from start: Int, level: (quote: UInt8, level: Int)?) -> Int {
    var index = start
    while index < text.count, !text[index].isNewline {
      guard text[index] == UInt8(ascii: "\\") || text[index] == level?.quote else {
        index += 1
        continue
      }
      let count = text.backslashes(from: index)
      if let level, text[index + count] == level.quote, EscapeLevel.closes(count, level.level) {
        return max(start, index + count - min(count, EscapeLevel.backslashes(level.level)))
      }
      guard let next = behindBackslashes(at: index, inRun: false) else { return index }
      index = max(next, index + 1)
      // A quote of a deeper level, which is not to be taken for one without backslashes.
      if count > 0, text[index] == level?.quote { index += 1 }
    }
    return index
  }

  /// The lines of a YAML block scalar: those behind `|` or `>` that are indented further than the name.
  func blockValue(at start: Int, indentation: Int) -> Range<Int>? {
    guard text[start] == UInt8(ascii: "|") || text[start] == UInt8(ascii: ">") else { return nil }
    var index = start + 1
    while index < start + 3, !text[index].isSpaceOrControl { index += 1 }
    guard text[index].isNewline else { return nil }
    var block: Range<Int>?
    while index < text.count {
      var first = index
      while first < text.count, text[first].isSpaceOrControl {
        if text[first].isNewline { index = first + 1 }
        first += 1
      }
      guard first < text.count, first - index > indentation else { break }
      index = first
      while index < text.count, !text[index].isNewline { index += 1 }
      block = (block?.lowerBound ?? first)..<index
    }
    return block
  }

  // MARK: With quotes

  /// What stands between quotes that begin at an index, perhaps behind a letter such as Python's `b`.
  func quotedValue(at index: Int) -> Range<Int>? {
    var open = index
    if Self.isStringPrefix(text[open]) {
      open += 1
      if Self.isStringPrefix(text[open]) { open += 1 }
      guard text[open].isQuote || text[open] == UInt8(ascii: "\\") else { return nil }
    }
    let backslashes = text.backslashes(from: open)
    open += backslashes
    let quote = text[open]
    guard quote.isQuote else { return nil }
    var start = open + 1
    if backslashes == 0, text[start] == quote, text[start + 1] == quote { start += 2 }
    let level = EscapeLevel.of(backslashes)
    let close = closingQuote(quote, from: start, level: level)
    return start..<max(start, close.contentEnd)
  }

  static func isStringPrefix(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "@"), UInt8(ascii: "$"): return true
    default:
      let letter = byte | 0x20
      return letter == UInt8(ascii: "b") || letter == UInt8(ascii: "r") || letter == UInt8(ascii: "u")
        || letter == UInt8(ascii: "f") || letter == UInt8(ascii: "n") || letter == UInt8(ascii: "e")
    }
  }

  /// The quote of a level that ends a string, or the end of the line.
  func closingQuote(_ quote: UInt8, from start: Int, level: Int) -> (contentEnd: Int, end: Int) {
    var index = start
    var backslashes = 0
    while index < text.count, !text[index].isNewline {
      let byte = text[index]
      if byte == quote, EscapeLevel.closes(backslashes, level) {
        // SQL writes a quote in a string twice.
        if level == 0, quote == UInt8(ascii: "'"), text[index + 1] == quote, index > start {
          index += 1
        } else {
          return (index - min(backslashes, EscapeLevel.backslashes(level)), index + 1)
        }
      }
      backslashes = byte == UInt8(ascii: "\\") ? backslashes + 1 : 0
      index += 1
    }
    return (index, index)
  }

  /// A string between quotes that are written as HTML entities or JSON escapes.
  func entityQuotedValue(from start: Int) -> Range<Int>? {
    var index = start
    while index < text.count, !text[index].isNewline, text.escapedQuote(at: index) == nil { index += 1 }
    return value(trimmed: start..<index)
  }

  // MARK: Brackets

  /// Behind the bracket that closes the one at an index, or the end of the text or line.
  func balancedEnd(from start: Int, inLine: Bool = false) -> Int {
    var depth = 0
    var index = start
    while index < text.count {
      let byte = text[index]
      if inLine, byte.isNewline { return index }
      if byte == UInt8(ascii: "\\") || byte.isQuote {
        let backslashes = text.backslashes(from: index)
        let quote = text[index + backslashes]
        if quote.isQuote, quote == UInt8(ascii: "\"") || beginsString(after: index, start) {
          let content = index + backslashes + 1
          index = closingQuote(quote, from: content, level: EscapeLevel.of(backslashes)).end
        } else {
          index += max(backslashes, 1)
        }
        continue
      }
      if byte.isOpening { depth += 1 }
      if byte.isClosing { depth -= 1 }
      index += 1
      if depth == 0 { return index }
    }
    return text.count
  }

  /// Whether a single quote at an index begins a string; `don't` has one that does not.
  private func beginsString(after index: Int, _ start: Int) -> Bool {
    guard index > start else { return false }
    let before = text[index - 1]
    return before.isSpaceOrControl || before.isOpening || before == UInt8(ascii: ",")
      || before == UInt8(ascii: ":") || before == UInt8(ascii: "=") || before == UInt8(ascii: ">")
  }
}
