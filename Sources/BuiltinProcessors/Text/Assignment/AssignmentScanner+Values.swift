/// Where the value of an assignment stands, as far as that matters to where it ends.
struct ValueContext {
  /// What surrounds an assignment that is a line of its own.
  enum Line {
    /// A line of the text, indented so far.
    case plain(indentation: Int)
    /// A line between line breaks written as two characters, inside a string of a level.
    case escaped(level: Int)
    /// A whole string of a level: `"Cookie: a=b; c=d"`.
    case quoted(UInt8, level: Int)
  }

  var line: Line?
  /// How often the separator was percent-escaped.
  var depth = 0
  /// Whether it is a parameter of a URL.
  var isQuery = false
  /// Whether it is a list of cookies.
  var isCookie = false
}

extension AssignmentScanner {
  /// The value of a secret name, or nil if there is none.
  func value(of name: AssignmentName, behind separator: AssignmentSeparator) -> Range<Int>? {
    var start = skipBlanks(from: separator.range.upperBound)
    if separator.depth > 0 { start = skipEscapedBlanks(from: start, depth: separator.depth) }
    if name.isTabbed { start = skipWrittenTabs(from: start) }
    if name.isQuoted { while start < text.count, text[start].isSpaceOrControl { start += 1 } }
    // A mark says nothing, but what is glued to it may: the value goes as far as it would without.
    let isMarked = text.hasMark(at: start)
    let isSpaced = start > separator.range.upperBound
    // `password= user=bob`: a value that was left out.
    let isPlain = separator.depth == 0 && !name.isQuoted
    if isPlain, !separator.isColon, isSpaced, !name.isSpaced, beginsAssignment(at: start) { return nil }
    var context = ValueContext()
    context.depth = separator.depth
    let before = byte(before: name.range.lowerBound)
    context.isQuery = !separator.isColon && (before == UInt8(ascii: "?") || before == UInt8(ascii: "&"))
    context.isCookie = isPlain && namesCookie(name)
    if !isMarked {
      if isMessage(at: start, name, separator, isSpaced: isSpaced) { return nil }
      if isPlain, beginsCode(at: start, name, isSpaced: isSpaced && (name.isSpaced || separator.isColon)) { return nil }
      if isAside(at: start, name, separator, isSpaced: isSpaced) { return nil }
    }
    if isPlain, separator.isColon, isSpaced { context.line = line(of: name) }
    return plainValue(from: start, context)
  }

  /// The value that begins at an index, by what it begins with.
  func plainValue(from start: Int, _ context: ValueContext) -> Range<Int>? {
    if let quoted = quotedValue(at: start) { return value(trimmed: quoted) }
    if context.depth > 0, let escaped = escapedValue(at: start) { return value(trimmed: escaped) }
    if let length = text.escapedQuote(at: start) { return entityQuotedValue(from: start + length) }
    switch context.line {
    case .plain(let indentation):
      if let block = blockValue(at: start, indentation: indentation) { return block }
      return lineValue(from: start, level: nil)
    case .escaped(let level): return lineValue(from: start, level: (UInt8(ascii: "\""), level))
    case .quoted(let quote, let level): return lineValue(from: start, level: (quote, level))
    case nil: break
    }
    if context.isCookie { return value(trimmed: start..<cookieEnd(from: start)) }
    if text[start].isOpening {
      return value(trimmed: start..<runEnd(from: balancedEnd(from: start), context))
    }
    if let rest = schemeEnd(from: start, context) { return value(trimmed: start..<rest) }
    return value(trimmed: start..<runEnd(from: start, context))
  }

  /// The range without white space at its end, or nil if what stands there is no value.
  func value(trimmed range: Range<Int>) -> Range<Int>? {
    var end = range.upperBound
    while end > range.lowerBound, text[end - 1].isSpaceOrControl { end -= 1 }
    let trimmed = range.lowerBound..<end
    if trimmed.count == text.markLength, text.hasMark(at: trimmed.lowerBound) { return trimmed }
    return trimmed.isEmpty || isNoValue(trimmed) ? nil : trimmed
  }

  /// Behind tabs written as two characters, and blanks. Only where such a tab stands before the separator as well: a
  /// value may begin with a backslash.
  private func skipWrittenTabs(from index: Int) -> Int {
    var index = index
    while text[index] == UInt8(ascii: "\\") {
      let letter = index + text.backslashes(from: index)
      guard text[letter] == UInt8(ascii: "t") else { break }
      index = skipBlanks(from: letter + 1)
    }
    return index
  }

  private func skipEscapedBlanks(from index: Int, depth: Int) -> Int {
    var index = index
    while true {
      if let escape = text.percentEscape(at: index), escape.depth <= depth, escape.byte.isBlank {
        index += escape.length
      } else if text[index] == UInt8(ascii: "+") {
        index += 1
      } else {
        return index
      }
    }
  }

  /// Whether a name, `=` and a value begin at an index.
  private func beginsAssignment(at start: Int) -> Bool {
    var end = start
    while end - start < AssignmentName.maximumLength, text[end].isPlainName { end += 1 }
    guard end > start, text[end] == UInt8(ascii: "=") else { return false }
    return text[end + 1] != UInt8(ascii: "=") && !text[end + 1].isSpaceOrControl
  }

  private func namesCookie(_ name: AssignmentName) -> Bool {
    let end = name.range.upperBound
    return text.hasInAnyCase("cookie", at: end - 6) || text.hasInAnyCase("cookies", at: end - 7)
  }

  // MARK: Lines

  /// The line or string that begins with the name and whose rest is the value.
  private func line(of name: AssignmentName) -> ValueContext.Line? {
    var start = name.range.lowerBound
    let before = byte(before: start)
    if before.isQuote {
      return .quoted(before, level: EscapeLevel.of(text.backslashes(before: start - 1, floor: floor)))
    }
    if beginsWithControlEscape(name), text[start] != UInt8(ascii: "t") { return escapedLine(before: start) }
    var blanks = 0
    while start > floor, name.range.lowerBound - start < AssignmentName.maximumBlanks {
      switch text[start - 1] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): blanks += 1
      case UInt8(ascii: "-"), UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "*"): blanks = 0
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return .plain(indentation: blanks)
      case UInt8(ascii: "n") where blanks > 0: return escapedLine(before: start - 1)
      default: return nil
      }
      start -= 1
    }
    return start == 0 ? .plain(indentation: blanks) : nil
  }

  private func escapedLine(before letter: Int) -> ValueContext.Line? {
    let backslashes = text.backslashes(before: letter, floor: floor)
    if backslashes == 0 { return nil }
    // One backslash in a string that is not escaped itself, two in one that is, four in the next.
    return .escaped(level: backslashes.trailingZeroBitCount)
  }
}

/// How deep strings are nested in strings, by the backslashes before a quote: 0, 1, 3, 7 and so on.
enum EscapeLevel {
  static func of(_ backslashes: Int) -> Int { Int.bitWidth - 1 - (backslashes + 1).leadingZeroBitCount }

  /// How many backslashes stand before a quote of a level.
  static func backslashes(_ level: Int) -> Int { (1 << min(level, 6)) - 1 }

  /// Whether a quote with so many backslashes before it ends a string of a level, or one around that.
  @inline(__always)
  static func closes(_ backslashes: Int, _ level: Int) -> Bool {
    var backslashes = backslashes
    for _ in 0..<level {
      if backslashes % 2 == 0 { return true }
      backslashes /= 2
    }
    return backslashes % 2 == 0
  }
}
