/// The name to the left of a separator.
struct AssignmentName {
  /// The bytes of the name, without quotes, percent escapes not decoded.
  var range: Range<Int>
  /// Whether a quote stands between name and separator.
  var isQuoted = false
  /// Whether white space stands between name and separator.
  var isSpaced = false
  /// Whether a tab written as two characters stands between name and separator.
  var isTabbed = false
  /// Whether it has characters beyond ASCII.
  var hasOthers = false
  /// Whether some of it is written as percent escapes.
  var isEscaped = false

  /// The most bytes that are read of a name; the last ones, where it is longer.
  static let maximumLength = 128
  /// The most white space between a name and its separator.
  static let maximumBlanks = 64
}

extension AssignmentScanner {
  /// Reads the name before a separator to its left, not beyond the last value found.
  @inline(__always)
  func name(before separator: AssignmentSeparator) -> AssignmentName? {
    var name = AssignmentName(range: 0..<0)
    var end = separator.range.lowerBound
    while separator.range.lowerBound - end < AssignmentName.maximumBlanks {
      if byte(before: end).isBlank {
        end -= 1
      } else if byte(before: end) == UInt8(ascii: "t"), byte(before: end - 1) == UInt8(ascii: "\\") {
        // A tab in a string of JSON.
        end -= 1
        end -= text.backslashes(before: end, floor: floor)
        name.isTabbed = true
      } else {
        break
      }
      name.isSpaced = true
    }
    // `settings["password"] =` has its quote before the bracket.
    if byte(before: end) == UInt8(ascii: "]"), byte(before: end - 1).isQuote { end -= 1 }
    if byte(before: end).isQuote {
      name.isQuoted = true
      end -= 1
      end -= text.backslashes(before: end, floor: floor)
    } else if let length = escapedQuote(before: end) {
      name.isQuoted = true
      end -= length
    }
    var start = end
    var hasLetter = false
    /// Where escaped quotes that close the name begin.
    var closers = end
    let lowest = max(floor, end - AssignmentName.maximumLength)
    while start > lowest {
      let byte = text[start - 1]
      guard byte.isName else { break }
      start -= 1
      if byte == UInt8(ascii: "%") {
        name.isEscaped = true
        if let escape = text.percentEscape(at: start), start + escape.length <= end, !escape.byte.isName {
          // The name begins here, unless this is what closes it.
          guard start + escape.length == closers, escape.byte.closesName else { break }
          closers = start
          continue
        }
        hasLetter = true
      } else if byte > UInt8(ascii: "9") {
        hasLetter = true
        if byte >= 0x80 { name.hasOthers = true }
      }
    }
    if separator.depth > 0 { name.isEscaped = true }
    // `\u0026token=` is an ampersand and a name.
    if start > floor, start < end, text.unicodeEscape(at: start - 1) != nil {
      start = min(end, start - 1 + text.unicodeEscapeLength)
    }
    name.range = start..<end
    return hasLetter && name.range.count >= terms.shortestName ? name : nil
  }

  private func escapedQuote(before end: Int) -> Int? {
    switch byte(before: end) {
    case UInt8(ascii: ";"), UInt8(ascii: "2"), UInt8(ascii: "7"):
      (5...6).first { end - $0 >= floor && text.escapedQuote(at: end - $0) == $0 }
    default: nil
    }
  }

  /// Whether the value of a name is to be hidden.
  func isSecret(_ name: AssignmentName, before separator: AssignmentSeparator) -> Bool {
    if name.isEscaped {
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: AssignmentName.maximumLength) { scratch in
        var decoded = DecodedName(scratch)
        decoded.append(text, name.range)
        let isBare = !name.isQuoted && !decoded.isQuoted && separator.isColon
        return isSecret(decoded.bytes, isBare: isBare, followsSlash: decoded.followsSlash, before: separator)
      }
    }
    let isBare = !name.isQuoted && separator.isColon
    let followsSlash = byte(before: name.range.lowerBound) == UInt8(ascii: "/")
    if isSecret(text[name.range], isBare: isBare, followsSlash: followsSlash, before: separator) { return true }
    if isSecretWithWordBefore(name, isBare: isBare) { return true }
    if name.hasOthers, let part = partBetweenSigns(name),
      isSecret(text[part], isBare: isBare, followsSlash: false, before: separator)
    {
      return true
    }
    return isSecretAfterControlEscape(name, isBare: isBare, before: separator)
  }

  private func isSecret(
    _ name: UnsafeBufferPointer<UInt8>, isBare: Bool, followsSlash: Bool, before separator: AssignmentSeparator
  ) -> Bool {
    guard isBare else { return terms.holdSecret(name, whole: name) }
    // `POST /oauth/token: 401` and `https://auth:8080` are no assignments.
    let start = separator.range.lowerBound - name.count
    // `SyntaxError: Unexpected token: …` is about another kind of token.
    if followsSlash || followsAccount(start) || text.hasInAnyCase("unexpected ", at: max(floor, start - 11)) {
      return false
    }
    // The name of a logger or a file has its words anywhere, a setting's name at its end.
    let part = lastComponent(of: name)
    return terms.holdSecret(part, whole: name) && !MessageWords.endsProblem(part) && !isVersioned(part, by: separator)
  }

  /// `api key: …` and `api.key: …`, a term whose last word alone is none, and `session id: …`.
  private func isSecretWithWordBefore(_ name: AssignmentName, isBare: Bool) -> Bool {
    let part = isBare ? lastComponent(of: text[name.range]) : text[name.range]
    let isQualifier = Self.isQualifier(part)
    guard isQualifier || terms.endsTerm(part) else { return false }
    let last = name.range.upperBound - part.count
    let gap = byte(before: last)
    guard gap == UInt8(ascii: ".") || gap.isBlank else { return false }
    var start = last - 1
    while start > floor, last - start < 32, text[start - 1].isLetter || text[start - 1].isDigit {
      start -= 1
    }
    let whole = text[start..<name.range.upperBound]
    // `<Session id=4711`: an attribute of something that is only named after a secret.
    if isQualifier, byte(before: start) == UInt8(ascii: "<") { return false }
    if isQualifier, gap != UInt8(ascii: ".") { return terms.hold(text[start..<last - 1], whole: whole) }
    return terms.hold(whole, whole: whole) && !terms.hold(text[start..<last], whole: whole)
  }

  /// The ASCII end of a name that other characters are glued to: `🔑password`, `、password`, `接続情報password🔒`.
  ///
  /// Only characters of three or four bytes, and signs of two such as `«`: emoji, punctuation, and scripts that put no
  /// spaces between words. A letter of Latin, Greek or Cyrillic belongs to the word.
  private func partBetweenSigns(_ name: AssignmentName) -> Range<Int>? {
    var end = name.range.upperBound
    while end > name.range.lowerBound, text[end - 1] >= 0x80 { end -= 1 }
    if end < name.range.upperBound, text[end] < 0xE0, text[end] != 0xC2 { return nil }
    var start = end
    while start > name.range.lowerBound, text[start - 1] < 0x80 { start -= 1 }
    if start > name.range.lowerBound {
      var lead = start - 1
      while lead > name.range.lowerBound, text[lead] & 0xC0 == 0x80 { lead -= 1 }
      // U+1E00 to U+1FFF are letters of Vietnamese and Greek.
      let isLetter = text[lead] < 0xE0 ? text[lead] != 0xC2 : text[lead] == 0xE1 && text[lead + 1] >= 0xB8
      if isLetter { return nil }
    }
    return end - start >= terms.shortestName && end - start < name.range.count ? start..<end : nil
  }

  /// What a log puts behind the name of a secret: `session id: …`, `token value=…`.
  private static func isQualifier(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    switch word.count {
    case 2: word[0] | 0x20 == UInt8(ascii: "i") && word[1] | 0x20 == UInt8(ascii: "d")
    case 4: word.elementsEqual("hash".utf8)
    case 5: word.elementsEqual("value".utf8)
    default: false
    }
  }

  /// `\ntoken: …`: a line break written as two characters, whose letter is not the name's.
  private func isSecretAfterControlEscape(
    _ name: AssignmentName, isBare: Bool, before separator: AssignmentSeparator
  ) -> Bool {
    guard beginsWithControlEscape(name) else { return false }
    let rest = text[name.range.lowerBound + 1..<name.range.upperBound]
    return isSecret(rest, isBare: isBare, followsSlash: false, before: separator)
  }

  /// Whether the first letter of a name is the second half of `\n`, `\r` or `\t`.
  func beginsWithControlEscape(_ name: AssignmentName) -> Bool {
    guard name.range.count > 1, byte(before: name.range.lowerBound) == UInt8(ascii: "\\") else { return false }
    switch text[name.range.lowerBound] {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): return true
    default: return false
    }
  }

  private func lastComponent(of name: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = name.count
    while start > 0, name[start - 1] != UInt8(ascii: ".") { start -= 1 }
    return UnsafeBufferPointer(rebasing: name[start...])
  }

  /// `arn:aws:secretsmanager:eu-west-1:123456789012:secret:name`: behind the twelve digits of an account and a colon.
  private func followsAccount(_ start: Int) -> Bool {
    guard byte(before: start) == UInt8(ascii: ":"), byte(before: start - 13) == UInt8(ascii: ":") else { return false }
    return (2...13).allSatisfy { text[start - $0].isDigit }
  }

  /// `auth-service:8080`, `token-service:latest`: a port or a version of something that is only named after a secret.
  private func isVersioned(_ name: UnsafeBufferPointer<UInt8>, by separator: AssignmentSeparator) -> Bool {
    var end = separator.range.upperBound
    if text.hasInAnyCase("latest", at: end) {
      end += 6
    } else {
      if text[end] == UInt8(ascii: "v") { end += 1 }
      guard text[end].isDigit else { return false }
      while end < separator.range.upperBound + 16, text[end].isDigit || text[end] == UInt8(ascii: ".") {
        end += 1
      }
    }
    let isWhole = text[end].endsRun || text[end] == UInt8(ascii: "/") || text[end] == UInt8(ascii: ":")
    guard isWhole, let dash = name.lastIndex(of: UInt8(ascii: "-")) else { return false }
    let last = UnsafeBufferPointer(rebasing: name[(dash + 1)...])
    return !terms.hold(last, whole: last) && !terms.endsTerm(last)
  }
}

/// A name whose percent escapes are decoded, from the last character on that cannot stand in a name.
private struct DecodedName {
  private let scratch: UnsafeMutableBufferPointer<UInt8>
  private var range = 0..<0
  private(set) var isQuoted = false
  /// Whether the character before the name is a slash.
  private(set) var followsSlash = false

  /// - Parameter scratch: as large as the longest name.
  init(_ scratch: UnsafeMutableBufferPointer<UInt8>) { self.scratch = scratch }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: scratch[range]) }

  mutating func append(_ text: some ByteText, _ raw: Range<Int>) {
    var count = 0
    var index = raw.lowerBound
    while index < raw.upperBound {
      if let escape = text.percentEscape(at: index), index + escape.length <= raw.upperBound {
        scratch[count] = escape.byte
        index += escape.length
      } else {
        scratch[count] = text[index]
        index += 1
      }
      count += 1
    }
    while count > 0, !isInside(scratch[count - 1]) {
      if scratch[count - 1].isQuote { isQuoted = true }
      if !scratch[count - 1].closesName { break }
      count -= 1
    }
    var start = count
    while start > 0, isInside(scratch[start - 1]) { start -= 1 }
    followsSlash = (start > 0 ? scratch[start - 1] : text[raw.lowerBound - 1]) == UInt8(ascii: "/")
    range = start..<count
  }

  private func isInside(_ byte: UInt8) -> Bool { byte.isName }
}
