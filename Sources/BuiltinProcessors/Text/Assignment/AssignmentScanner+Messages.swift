/// Messages about secrets, which stand where a value would: `token: expired`.
extension AssignmentScanner {
  /// Whether a message begins where a value would.
  func isMessage(at start: Int, _ name: AssignmentName, _ separator: AssignmentSeparator, isSpaced: Bool) -> Bool {
    guard separator.depth == 0 else { return false }
    // What forms answer with: `{"password":["can't be blank"]}`.
    let inner = text[start] == UInt8(ascii: "[") ? start + 1 : start
    let open = inner + text.backslashes(from: inner)
    if text[open].isQuote, beginsWithMessageWord(open + 1), beginsStatement(at: open + 1, isQuoted: true) {
      return true
    }
    guard separator.isColon, isSpaced else { return false }
    if !name.isQuoted, beginsMessage(at: start) || beginsWrappedError(at: start) { return true }
    return beginsStatement(at: start, isQuoted: false)
  }

  /// Whether a word with which messages go on begins at an index.
  func beginsMessage(at start: Int) -> Bool {
    if text[start].isDigit { return beginsStatus(at: start) }
    let end = wordEnd(from: start)
    guard end > start, let kind = MessageWords.kind(of: text[start..<end]) else { return false }
    if text[end].isBlank {
      // `open sesame!` stays a message, `open = 1` and `user 42` are none that anybody writes.
      return kind == .message || text[end + 1].isLetter || text[end + 1].isQuote
    }
    guard kind == .message else { return false }
    switch text[end] {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "!"),
      UInt8(ascii: "?"):
      return text[end + 1].endsRun || text[end + 1] == UInt8(ascii: "\\")
    case UInt8(ascii: "'"): return text[end + 1] != UInt8(ascii: "t") || !text[end + 2].isLetter
    case UInt8(ascii: "\\"), UInt8(ascii: "("), UInt8(ascii: "["): return true
    default: return text[end].endsRun
    }
  }

  private func wordEnd(from start: Int) -> Int {
    var end = start
    while end - start <= MessageWords.longest, text[end].isLetter { end += 1 }
    return end
  }

  private func beginsWithMessageWord(_ start: Int) -> Bool {
    MessageWords.kind(of: text[start..<wordEnd(from: start)]) != nil
  }

  /// `401 Unauthorized`
  private func beginsStatus(at start: Int) -> Bool {
    guard (1...2).allSatisfy({ text[start + $0].isDigit }), text[start + 3].isBlank else {
      return false
    }
    return beginsWithMessageWord(start + 4)
  }

  /// `cipher: message authentication failed`: errors that wrap others have words with colons one after the other.
  ///
  /// Letters only, for `hunter2: refused` may be said of a password.
  private func beginsWrappedError(at start: Int) -> Bool {
    if text.hasInAnyCase("x509: ", at: start) || text.hasInAnyCase("oauth2: ", at: start) { return true }
    let end = wordEnd(from: start)
    return end - start > 2 && text[end] == UInt8(ascii: ":") && text[end + 1].isBlank
  }

  /// Whether one of the first words and the next are a pair of `StatementWords`.
  ///
  /// - Parameter isQuoted: whether the sentence stands within quotes and begins like a message. Elsewhere the first
  ///   word may be anything, and is not part of the pair.
  private func beginsStatement(at start: Int, isQuoted: Bool) -> Bool {
    var index = start
    var last = 0..<0
    for number in 0..<5 {
      guard let (word, end) = sentenceWord(at: index, after: last) else { return false }
      if !last.isEmpty, isQuoted || number > 1,
        StatementWords.isPair(text[last], text[word], isWide: isQuoted)
      {
        return true
      }
      guard text[end].isBlank else { return false }
      last = word
      index = end + 1
    }
    return false
  }

  /// A word of a sentence and where it ends; the word is empty for a name in quotes or `Secret<String>`.
  private func sentenceWord(at start: Int, after last: Range<Int>) -> (word: Range<Int>, end: Int)? {
    var end = start
    while end - start < 32, text[end].isLetter || isApostrophe(end) && end > start { end += 1 }
    if end > start {
      guard text[end] == UInt8(ascii: "<") else { return (start..<end, end) }
      let inner = end + 1..<wordEnd(from: end + 1)
      let isType = text[inner.upperBound] == UInt8(ascii: ">") && !terms.hold(text[inner], whole: text[inner])
      return isType ? (end..<end, inner.upperBound + 1) : nil
    }
    let open = start + text.backslashes(from: start)
    let quote = text[open]
    // `PASSWORD 'x'` is a statement of another language.
    let followsKeyword = quote == UInt8(ascii: "'") && !last.isEmpty
    guard quote.isQuote, !followsKeyword else { return nil }
    end = open + 1
    while end - open < 64, text.isHeaderName(end) || text[end].isDigit { end += 1 }
    end += text.backslashes(from: end)
    return text[end] == quote && end > open + 1 ? (end..<end, end + 1) : nil
  }

  private func isApostrophe(_ index: Int) -> Bool {
    text[index] == UInt8(ascii: "'") && text[index + 1].isLetter
  }
}
