/// Names and values that stand beside each other without a separator between them.
extension AssignmentScanner {
  // MARK: Statements

  /// The value of `PASSWORD 'x'` or `IDENTIFIED BY 'x'`, whose quote stands at an index.
  ///
  /// In capitals or small letters, as statements are written. Only these two: in prose a quoted word behind the name of
  /// a secret is mostly another name.
  func statementValue(at quote: Int) -> Range<Int>? {
    var end = quote
    while quote - end < AssignmentName.maximumBlanks, byte(before: end).isBlank { end -= 1 }
    guard end < quote, terms.holdPassword else { return nil }
    guard endsKeyword("password", at: end) || endsKeyword("identified by", at: end) else { return nil }
    return quotedValue(at: quote).flatMap(value(trimmed:))
  }

  private func endsKeyword(_ keyword: StaticString, at end: Int) -> Bool {
    let start = end - keyword.utf8CodeUnitCount
    guard start >= floor, text.hasInAnyCase(keyword, at: start), !byte(before: start).isName else { return false }
    let isCapital = text[start].isCapital
    return text[start..<end].allSatisfy { !$0.isLetter || $0.isCapital == isCapital }
  }

  // MARK: Members

  /// The value of `"value":` beside `"name":"password"`, in either order: `{"name":"DB_PASSWORD","value":"x"}`.
  ///
  /// The two have to be neighbours; what else stands in the object does not matter.
  func memberValue(_ name: AssignmentName, _ separator: AssignmentSeparator) -> Range<Int>? {
    guard name.isQuoted, separator.isColon, separator.depth == 0, name.range.count == 5,
      text.hasInAnyCase("value", at: name.range.lowerBound)
    else { return nil }
    var start = separator.range.upperBound
    while start < text.count, text[start].isSpaceOrControl { start += 1 }
    let isNamed = nameMember(before: name.range.lowerBound).map(isSecretMember) ?? false
    if !isNamed {
      guard let string = stringEnd(at: start), let member = nameMember(behind: string), isSecretMember(member) else {
        return nil
      }
    }
    return plainValue(from: start, ValueContext())
  }

  private func isSecretMember(_ member: Range<Int>) -> Bool {
    !member.isEmpty && terms.holdSecret(text[member], whole: text[member])
  }

  /// What `"name": "…",` or `"key": "…",` before the name of a member says.
  private func nameMember(before member: Int) -> Range<Int>? {
    guard var index = behindQuote(before: member) else { return nil }
    index = spaceStart(before: index)
    guard byte(before: index) == UInt8(ascii: ","), let end = behindQuote(before: spaceStart(before: index - 1)) else {
      return nil
    }
    var start = end
    while end - start < AssignmentName.maximumLength, byte(before: start).isPlainName { start -= 1 }
    guard let open = behindQuote(before: start) else { return nil }
    index = spaceStart(before: open)
    guard byte(before: index) == UInt8(ascii: ":"), let close = behindQuote(before: spaceStart(before: index - 1))
    else { return nil }
    for length in 3...4 where isNameOfName(close - length..<close) && behindQuote(before: close - length) != nil {
      return start..<end
    }
    return nil
  }

  /// The same behind the end of a string.
  private func nameMember(behind string: Int) -> Range<Int>? {
    var index = spaceEnd(from: string)
    guard text[index] == UInt8(ascii: ","), let start = behindQuote(from: spaceEnd(from: index + 1)) else { return nil }
    for length in 3...4 where isNameOfName(start..<start + length) {
      guard let colon = behindQuote(from: start + length) else { continue }
      index = spaceEnd(from: colon)
      guard text[index] == UInt8(ascii: ":"), let value = behindQuote(from: spaceEnd(from: index + 1)) else {
        return nil
      }
      var end = value
      while end - value < AssignmentName.maximumLength, text[end].isPlainName { end += 1 }
      return behindQuote(from: end) == nil ? nil : value..<end
    }
    return nil
  }

  /// `name` or `key`, unless what they name is itself a secret.
  private func isNameOfName(_ range: Range<Int>) -> Bool {
    guard range.lowerBound >= floor else { return false }
    let isOne =
      range.count == 4
      ? text.hasInAnyCase("name", at: range.lowerBound) : text.hasInAnyCase("key", at: range.lowerBound)
    return isOne && !terms.hold(text[range], whole: text[range])
  }

  /// The start of a quote with its backslashes that ends at an index.
  private func behindQuote(before end: Int) -> Int? {
    guard byte(before: end).isQuote else { return nil }
    return end - 1 - text.backslashes(before: end - 1, floor: floor)
  }

  private func behindQuote(from start: Int) -> Int? {
    let quote = start + text.backslashes(from: start)
    return text[quote].isQuote ? quote + 1 : nil
  }

  private func spaceStart(before end: Int) -> Int {
    var start = end
    while end - start < AssignmentName.maximumBlanks, start > floor, text[start - 1].isSpaceOrControl { start -= 1 }
    return start
  }

  private func spaceEnd(from start: Int) -> Int {
    var end = start
    while end - start < AssignmentName.maximumBlanks, end < text.count, text[end].isSpaceOrControl { end += 1 }
    return end
  }

  /// Behind the closing quote of a string that begins at an index.
  private func stringEnd(at index: Int) -> Int? {
    guard let start = behindQuote(from: index) else { return nil }
    let level = EscapeLevel.of(start - 1 - index)
    let close = closingQuote(text[start - 1], from: start, level: level)
    return close.end > close.contentEnd ? close.end : nil
  }

  // MARK: Tuples

  /// The value of a header as a pair, at whose comma this stands: `('X-Api-Key', 'x')`, `["authorization", "Bearer x"]`.
  ///
  /// Lists of the names of headers or fields look alike, so the name has to be one of a header, and the value has to
  /// have something that names do not have.
  func pairValue(at comma: Int) -> Range<Int>? {
    guard let end = behindQuote(before: comma) else { return nil }
    var start = end
    while end - start < 64, start > floor, text.isHeaderName(start - 1) { start -= 1 }
    guard end - start >= max(4, terms.shortestName), var open = behindQuote(before: start) else { return nil }
    if byte(before: open) == UInt8(ascii: "b") { open -= 1 }
    guard byte(before: open) == UInt8(ascii: "(") || byte(before: open) == UInt8(ascii: "["),
      isHeader(start..<end), terms.holdSecret(text[start..<end], whole: text[start..<end])
    else { return nil }
    let string = skipBlanks(from: comma + 1)
    let quote = text[string] == UInt8(ascii: "b") ? string + 1 : string
    guard let content = behindQuote(from: quote), let close = stringEnd(at: quote),
      text[close] == UInt8(ascii: ")") || text[close] == UInt8(ascii: "]")
    else { return nil }
    var index = content
    while text.isHeaderName(index) || text[index] == UInt8(ascii: ".") { index += 1 }
    if text[index + text.backslashes(from: index)].isQuote { return nil }
    return quotedValue(at: string).flatMap(value(trimmed:))
  }

  /// A name with a dash, or a header with secrets that has none.
  private func isHeader(_ name: Range<Int>) -> Bool {
    text[name].contains(UInt8(ascii: "-"))
      || name.count == 13 && text.hasInAnyCase("authorization", at: name.lowerBound)
      || name.count == 6 && text.hasInAnyCase("cookie", at: name.lowerBound)
  }
}
