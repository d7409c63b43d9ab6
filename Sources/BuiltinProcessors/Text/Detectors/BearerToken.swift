/// What follows the word `Bearer`.
struct BearerToken {
  /// Where it ends.
  private(set) var end: Int
  /// Whether it is a token rather than a word of a sentence.
  private(set) var isToken = false

  init<Text: ByteText>(from start: Int, word: Int, in text: Text) {
    var index = start
    var hasDigit = false
    var hasCapitalInside = false
    var marked = 0
    while index < text.count {
      if Self.endsToken(at: index, text) {
        // A mark says nothing, but what is glued to it may.
        guard text.hasMark(at: index) else { break }
        marked += text.markLength
        index += text.markLength
        continue
      }
      let byte = text[index]
      if byte.isDigit { hasDigit = true }
      if index > start, ByteClass.capital.contains(byte), ByteClass.small.contains(text[index - 1]) {
        hasCapitalInside = true
      }
      index += 1
    }
    // A dot or the like behind it belongs to the sentence.
    while index > start, Self.isPunctuation(text[index - 1]) { index -= 1 }
    end = index
    let length = index - start
    guard length > marked, !isParameter(start, text), !isProse(start, text) else { return }
    isToken =
      marked > 0 || hasDigit && length >= 6 || hasCapitalInside && length >= 12 || length >= 24
      || isWholeValue(word: word, text)
  }

  /// White space, quotes, brackets, and what parts values from each other, percent-encoded or not.
  @inline(__always)
  private static func endsToken<Text: ByteText>(at index: Int, _ text: Text) -> Bool {
    var byte = text[index]
    if byte == UInt8(ascii: "%") {
      guard let decoded = text.percentDecoded(at: index) else { return true }
      byte = decoded
    }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "\\"),
      UInt8(ascii: "$"):
      return true
    default: return byte.isSpaceOrControl || byte >= 0x80
    }
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "%"): true
    default: false
    }
  }

  /// `realm="…"`, `error="…"`: a challenge, not credentials.
  private func isParameter<Text: ByteText>(_ start: Int, _ text: Text) -> Bool {
    let name = text.end(of: [.letter, .underscore, .hyphen], from: start, atMost: 20)
    guard name > start, text[name] == UInt8(ascii: "=") else { return false }
    return text[name + 1] == UInt8(ascii: "\"") || text[name + 1] == UInt8(ascii: "\\")
  }

  /// Whether nothing but a quote or the end of a value stands around the two words.
  private func isWholeValue<Text: ByteText>(word: Int, _ text: Text) -> Bool {
    let isFirst =
      switch text[word - 1] {
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "["), UInt8(ascii: "="), UInt8(ascii: ":"), 0: true
      case UInt8(ascii: " "): text[word - 2] == UInt8(ascii: ":") || text[word - 2] == UInt8(ascii: "=")
      default: text.percentDecoded(at: word - 3) != nil
      }
    guard isFirst else { return false }
    switch text[end] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "]"), UInt8(ascii: ","),
      UInt8(ascii: "&"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0:
      return true
    default: return false
    }
  }

  /// A word that is said about bearer tokens.
  private func isProse<Text: ByteText>(_ start: Int, _ text: Text) -> Bool {
    let letters = text.end(of: .letter, from: start, atMost: 16)
    switch letters - start {
    case 2:
      return text.hasInAnyCase("of", at: start) || text.hasInAnyCase("is", at: start)
        || text.hasInAnyCase("or", at: start)
    case 3:
      return text.hasInAnyCase("jwt", at: start) || text.hasInAnyCase("and", at: start)
        || text.hasInAnyCase("rfc", at: start) && end - start < 12
    case 4: return end == letters && (text.hasInAnyCase("auth", at: start) || text.hasInAnyCase("only", at: start))
    case 5:
      return text.hasInAnyCase("oauth", at: start) && end - start < 12
        || end == letters && (text.hasInAnyCase("token", at: start) || text.hasInAnyCase("realm", at: start))
    case 6:
      return end == letters
        && (text.hasInAnyCase("tokens", at: start) || text.hasInAnyCase("scheme", at: start)
          || text.hasInAnyCase("header", at: start) || text.hasInAnyCase("format", at: start))
    case 14: return text.hasInAnyCase("authentication", at: start)
    case 13: return text.hasInAnyCase("authorization", at: start)
    default: return false
    }
  }
}
