/// The domain of a mail address.
enum MailDomain {
  /// The end of the longest domain that begins here: labels between single dots, of which the last is a name.
  static func end<Text: ByteText>(from start: Int, in text: Text) -> Int? {
    var index = start
    var labels = 0
    var firstIsVersion = false
    var best: Int?
    while true {
      let label = Label(from: index, in: text)
      guard label.end > index else { return best }
      labels += 1
      if labels == 1 { firstIsVersion = isVersion(index, label.end, text) }
      if labels == 2 {
        // `pkg@1.2.0-beta.rc` and `pkg@v1.2.x`, but not `163.com`; `icon@2x.png`.
        if firstIsVersion && text[index].isDigit { return nil }
        if index - start == 3, text[start].isDigit, text[start + 1] == UInt8(ascii: "x") { return nil }
      }
      if labels >= 2, label.canBeLast, !isUnit(index, label.lastEnd, text) { best = label.lastEnd }
      guard text[label.end] == UInt8(ascii: ".") else { return best }
      index = label.end + 1
    }
  }

  /// Letters, digits and hyphens between them.
  private struct Label {
    var end: Int
    /// Where it ends if it is the last one. A top-level domain has letters of one script: what follows ASCII in another
    /// one, as a Japanese particle does, belongs to the sentence.
    var lastEnd: Int
    /// Whether it is a name rather than a number: letters only, two or more; or the ASCII form of other letters.
    var canBeLast = false

    init<Text: ByteText>(from start: Int, in text: Text) {
      var index = start
      var isLetters = true
      var isBeyondASCII = false
      var latinEnd: Int?
      while true {
        let byte = text[index]
        if byte.isLetter {
          index += 1
        } else if byte.isDigit {
          isLetters = false
          index += 1
        } else if byte >= 0x80 {
          guard UTF8Letters.isLetter(at: index, text) else { break }
          if Self.isBeyondLatin(byte), latinEnd == nil, index > start, text[start] < 0x80 {
            latinEnd = index
            canBeLast = isLetters && index - start >= 2
          }
          isBeyondASCII = true
          index += UTF8Letters.length(at: index, text)
        } else if byte == UInt8(ascii: "-"), index > start {
          let behind = text.end(of: .hyphen, from: index)
          guard text[behind].isAlphanumeric || UTF8Letters.isLetter(at: behind, text) else { break }
          isLetters = false
          index = behind
        } else {
          break
        }
      }
      end = index
      lastEnd = latinEnd ?? index
      if latinEnd == nil { canBeLast = isLetters && (index - start >= 2 || isBeyondASCII) }
      if text.hasInAnyCase("xn--", at: start) { canBeLast = true }
    }

    /// Whether a character of this first byte comes behind the letters of Latin script (U+0000 to U+024F).
    private static func isBeyondLatin(_ byte: UInt8) -> Bool { byte > 0xC9 }
  }

  /// Digits, perhaps with a v before them.
  private static func isVersion<Text: ByteText>(_ start: Int, _ end: Int, _ text: Text) -> Bool {
    let digits = text[start] == UInt8(ascii: "v") ? start + 1 : start
    return digits < end && text[digits].isDigit && text.end(of: .digit, from: digits) == end
  }

  /// The kinds of systemd's units, which take what follows an at sign as a parameter: `user@1000.service`.
  private static func isUnit<Text: ByteText>(_ start: Int, _ end: Int, _ text: Text) -> Bool {
    switch end - start {
    case 5: text.has("slice", at: start) || text.has("timer", at: start) || text.has("scope", at: start)
    case 6: text.has("socket", at: start) || text.has("target", at: start)
    case 7: text.has("service", at: start)
    default: false
    }
  }
}
