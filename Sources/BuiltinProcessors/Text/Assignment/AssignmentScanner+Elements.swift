/// Names that are told by other signs than a separator: command-line flags and XML elements.
extension AssignmentScanner {
  // MARK: Flags

  /// The value of `--password x`, `-password x` or `"--password", "x"`.
  func flagValue(at index: Int) -> Range<Int>? {
    let before = byte(before: index)
    guard before.isSpaceOrControl || before.isQuote else { return nil }
    var start = index + 1
    if text[start] == UInt8(ascii: "-") { start += 1 }
    guard text[start].isLetter || text[start] >= 0x80 else { return nil }
    var end = start
    while end - start < AssignmentName.maximumLength, text[end].isPlainName { end += 1 }
    guard let value = flagValueStart(after: end, quote: before.isQuote ? before : nil) else { return nil }
    let next = text[value]
    if next == UInt8(ascii: "-") || next == UInt8(ascii: "=") || next == UInt8(ascii: ":") { return nil }
    let name = text[start..<end]
    guard name.count >= terms.shortestName, terms.holdSecret(name, whole: name) else { return nil }
    if text.hasMark(at: value) { return value..<runEnd(from: value, ValueContext()) }
    if beginsMessage(at: value) { return nil }
    return plainValue(from: value, ValueContext())
  }

  private func flagValueStart(after end: Int, quote: UInt8?) -> Int? {
    guard let quote else { return text[end].isBlank ? skipBlanks(from: end) : nil }
    let close = end + text.backslashes(from: end)
    guard text[close] == quote else { return nil }
    var value = skipBlanks(from: close + 1)
    if text[value] == UInt8(ascii: ",") { value = skipBlanks(from: value + 1) }
    return value > close + 1 && text[value + text.backslashes(from: value)] == quote ? value : nil
  }

  // MARK: Elements

  /// Behind the name of an XML element, if one with a secret name begins with the `<` at an index.
  ///
  /// A name with a prefix has a colon, which is no separator then: `<auth:token>`.
  func secretElementName(at index: Int) -> Int? {
    var start = index + 1
    guard text[start].isLetter || text[start] == UInt8(ascii: "_") || text[start] >= 0x80 else {
      return nil
    }
    var end = start
    while end - index < AssignmentName.maximumLength {
      if text[end] == UInt8(ascii: ":") {
        start = end + 1
      } else if !text[end].isPlainName {
        break
      }
      end += 1
    }
    guard text[end] == UInt8(ascii: ">") || text[end].isSpaceOrControl, end < text.count else { return nil }
    let name = text[start..<end]
    return name.count >= terms.shortestName && terms.holdSecret(name, whole: name) ? end : nil
  }

  /// The text of an element, up to its closing tag.
  func elementValue(from index: Int) -> Range<Int>? {
    var start = index
    while start < text.count, text[start].isSpaceOrControl { start += 1 }
    let isData = text.hasInAnyCase("<![cdata[", at: start)
    if isData { start += 9 }
    if isData { return dataValue(from: start) }
    // `login <user> <password> [options]` shows how something is used. An element that begins like this needs its
    // closing tag, before anything that could be another assignment.
    if !text.hasMark(at: start), start > index || !isTextStart(text[start]) { return closedValue(from: start) }
    var end = start
    while end < text.count, text[end] != UInt8(ascii: "<") { end += 1 }
    return value(trimmed: start..<end)
  }

  private func isTextStart(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte >= 0x80 || byte == UInt8(ascii: "/")
      || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "!")
  }

  private func dataValue(from start: Int) -> Range<Int>? {
    var end = start
    while end < text.count {
      if text[end] == UInt8(ascii: "]"), text[end + 1] == UInt8(ascii: "]"), text[end + 2] == UInt8(ascii: ">") {
        break
      }
      end += 1
    }
    return value(trimmed: start..<end)
  }

  private func closedValue(from start: Int) -> Range<Int>? {
    var end = start
    while end < text.count {
      switch text[end] {
      case UInt8(ascii: "<"): return text[end + 1] == UInt8(ascii: "/") ? value(trimmed: start..<end) : nil
      case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "%"), UInt8(ascii: "-"), UInt8(ascii: ">"): return nil
      default: end += 1
      }
    }
    return nil
  }
}
