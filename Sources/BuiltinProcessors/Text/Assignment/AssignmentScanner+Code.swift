/// Code that stands where a value would: it says where a secret comes from, as in the lines of a stack trace.
///
/// What is read here holds no separator and no quoted secret, so nothing in it is ever hidden by itself.
extension AssignmentScanner {
  /// Whether a call, a look-up or a member begins at an index: `authenticate(user)`, `os.environ["DB_PASSWORD"]`,
  /// `user.password` as the password.
  ///
  /// - Parameter isSpaced: whether blanks stand around the separator, as in code. Without them only the environment
  ///   counts, for settings and commands are full of `password=a.b(c`.
  func beginsCode(at start: Int, _ name: AssignmentName, isSpaced: Bool) -> Bool {
    var start = start
    if isSpaced, text.hasInAnyCase("await ", at: start) { start += 6 }
    let isMade = isSpaced && text.hasInAnyCase("new ", at: start)
    if isMade { start += 4 }
    var end = start
    if text[end] == UInt8(ascii: "$") { end += 1 }
    guard text[end].isLetter || text[end] == UInt8(ascii: "_") else { return false }
    /// Where the last identifier of the path begins.
    var last = end
    while end - start < AssignmentName.maximumLength {
      if isIdentifier(text[end]) {
        end += 1
      } else if let length = joint(at: end), isIdentifier(text[end + length]) {
        end += length
        last = end
      } else {
        break
      }
    }
    if !isSpaced { return isEnvironment(start) }
    switch text[end] {
    case UInt8(ascii: "("):
      // `Some(x)` and `Secret(x)` are how values are shown, `auth.Token(x)` and `MD5(x)` are calls.
      let isType = text[last].isCapital && !text[last + 1].isCapital
      return (isMade || last > start || !isType) && takesNoSecret(from: end + 1)
    case UInt8(ascii: "["): return behindHarmlessString(at: end + 1).map { text[$0] == UInt8(ascii: "]") } ?? false
    default:
      guard last > start, text[end].endsRun else { return false }
      return isEnvironment(start) || isLastComponent(text[last..<end], of: name)
    }
  }

  private func isIdentifier(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_")
  }

  /// How long `.`, `?.`, `::` or `->` between two identifiers is.
  private func joint(at index: Int) -> Int? {
    switch (text[index], text[index + 1]) {
    case (UInt8(ascii: "."), _): 1
    case (UInt8(ascii: ":"), UInt8(ascii: ":")), (UInt8(ascii: "?"), UInt8(ascii: ".")): 2
    // Within an element this would end it, and what follows be its value.
    case (UInt8(ascii: "-"), UInt8(ascii: ">")) where !isInElement: 2
    default: nil
    }
  }

  private func isEnvironment(_ start: Int) -> Bool {
    text.hasInAnyCase("process.env.", at: start) || text.hasInAnyCase("os.environ", at: start)
      || text.hasInAnyCase("os.getenv(", at: start) || text.hasInAnyCase("system.getenv(", at: start)
      || text.hasInAnyCase("import.meta.env.", at: start) || text.hasInAnyCase("deno.env.", at: start)
  }

  /// `user.password` is a password as `password` is.
  private func isLastComponent(_ member: UnsafeBufferPointer<UInt8>, of name: AssignmentName) -> Bool {
    guard member.count <= name.range.count, !name.isEscaped else { return false }
    let start = name.range.upperBound - member.count
    guard start == name.range.lowerBound || text[start - 1] == UInt8(ascii: ".") else { return false }
    return zip(member, text[start..<name.range.upperBound]).allSatisfy {
      $0.smallLetter == $1.smallLetter
    }
  }

  /// Whether the arguments of a call hold no string that could be a secret, as far as the next separator.
  private func takesNoSecret(from start: Int) -> Bool {
    var index = start
    var depth = 1
    /// The last character that is no blank.
    var last = UInt8(ascii: "(")
    while index < text.count {
      let byte = text[index]
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if byte != UInt8(ascii: "\\") || !text[index + text.backslashes(from: index)].isQuote {
          // The call goes on in the next line.
          return last == UInt8(ascii: "(") || last == UInt8(ascii: ",")
        }
        fallthrough
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
        guard last == UInt8(ascii: ",") || last.isOpening, let end = behindHarmlessString(at: index) else {
          return false
        }
        last = byte
        index = end
        continue
      case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "%"), UInt8(ascii: "<"), UInt8(ascii: ">"): return true
      case UInt8(ascii: "-") where text[index - 1].isSpaceOrControl: return true
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return byte == UInt8(ascii: ")") && endsCall(text[index + 1]) }
      default: break
      }
      if !byte.isBlank { last = byte }
      index += 1
    }
    return last == UInt8(ascii: "(") && index == start
  }

  private func endsCall(_ byte: UInt8) -> Bool {
    byte.endsRun || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "\\")
  }

  /// Behind a string that is empty, names a secret (`getItem("token")`) or says how something is written
  /// (`decode($1, 'hex')`).
  private func behindHarmlessString(at index: Int) -> Int? {
    let open = index + text.backslashes(from: index)
    let quote = text[open]
    guard quote.isQuote else { return nil }
    let start = open + 1
    var end = start
    while end - start < 64, text.isHeaderName(end) || text[end] == UInt8(ascii: ".") { end += 1 }
    let close = end + text.backslashes(from: end)
    guard text[close] == quote else { return nil }
    let word = text[start..<end]
    let isHarmless =
      word.isEmpty || terms.hold(word, whole: word) || text.hasInAnyCase("hex", at: start) && end == start + 3
    return isHarmless ? close + 1 : nil
  }
}

extension ByteText {
  /// Whether a letter, a dash or a low line stands at an index.
  func isHeaderName(_ index: Int) -> Bool {
    self[index].isLetter || self[index] == UInt8(ascii: "-") || self[index] == UInt8(ascii: "_")
  }
}
