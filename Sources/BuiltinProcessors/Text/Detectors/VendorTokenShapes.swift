/// Tokens that have no prefix, but a word or a form of their own within them.
enum VendorTokenShapes {
  /// The token that begins with a word, or that the word is a part of; none that begins before what was found last.
  @inline(__always)
  static func range<Text: ByteText>(of word: Range<Int>, behind last: Int, _ text: Text) -> Range<Int>? {
    let start = word.lowerBound
    let end: Int?
    switch text[word.upperBound] {
    case UInt8(ascii: ":"): end = telegram(word, colon: 1, text)
    case UInt8(ascii: "%") where text.hasInAnyCase("%3a", at: word.upperBound): end = telegram(word, colon: 3, text)
    case UInt8(ascii: "-") where word.count == 32: end = mailchimp(word, text)
    case UInt8(ascii: "."):
      if let path = WebhookPath.range(from: start, in: text) { return path }
      end = terraform(word, text) ?? discord(word, text)
    default:
      if text.has("ASt", at: start), text[start - 1] == UInt8(ascii: "+") {
        return azureStorage(start, behind: last, text)
      }
      end = newRelic(word, text)
    }
    return end.map { start..<$0 }
  }

  /// Telegram's bots: an id, a colon, 35 bytes of which the first two are always the same. In URLs `bot` stands before.
  private static func telegram<Text: ByteText>(_ word: Range<Int>, colon: Int, _ text: Text) -> Int? {
    let digits = text.has("bot", at: word.lowerBound) ? word.lowerBound + 3 : word.lowerBound
    guard 8...11 ~= word.upperBound - digits, text.has("AA", at: word.upperBound + colon) else { return nil }
    guard text.end(of: .digit, from: digits, atMost: 11) == word.upperBound else { return nil }
    let end = text.end(of: .base64URL, from: word.upperBound + colon, atMost: 35)
    return end == word.upperBound + colon + 35 ? end : nil
  }

  /// Mailchimp: 32 bytes of hex, and the data center.
  private static func mailchimp<Text: ByteText>(_ word: Range<Int>, _ text: Text) -> Int? {
    guard text.has("-us", at: word.upperBound), text.end(of: .lowerHex, from: word.lowerBound) == word.upperBound else {
      return nil
    }
    let end = text.end(of: .digit, from: word.upperBound + 3, atMost: 3)
    return 1...2 ~= end - word.upperBound - 3 && !text[end].isAlphanumeric ? end : nil
  }

  /// Terraform Cloud: 14 letters and digits, `.atlasv1.`, 60 or more.
  private static func terraform<Text: ByteText>(_ word: Range<Int>, _ text: Text) -> Int? {
    guard word.count == 14, text.has(".atlasv1.", at: word.upperBound) else { return nil }
    let end = text.end(of: [.base64URL, .equals], from: word.upperBound + 9)
    return end - word.upperBound >= 69 ? end : nil
  }

  /// Discord's bots: base64 of an id of 17 to 19 digits, and two more parts.
  private static func discord<Text: ByteText>(_ word: Range<Int>, _ text: Text) -> Int? {
    guard 23...28 ~= word.count else { return nil }
    for index in stride(from: word.lowerBound, to: word.upperBound - 3, by: 4) where !isDigits(at: index, text) {
      return nil
    }
    let stamp = text.end(of: .base64URL, from: word.upperBound + 1, atMost: 8)
    guard 5...7 ~= stamp - word.upperBound - 1, text[stamp] == UInt8(ascii: ".") else { return nil }
    let end = text.end(of: .base64URL, from: stamp + 1, atMost: 64)
    return end - stamp > 27 && !text[end].isAlphanumeric ? end : nil
  }

  /// Whether four bytes are base64 of three decimal digits.
  private static func isDigits<Text: ByteText>(at index: Int, _ text: Text) -> Bool {
    switch text[index] {
    case UInt8(ascii: "M"), UInt8(ascii: "N"), UInt8(ascii: "O"): break
    default: return false
    }
    switch text[index + 1] {
    case UInt8(ascii: "D"), UInt8(ascii: "T"), UInt8(ascii: "j"), UInt8(ascii: "z"): break
    default: return false
    }
    switch text[index + 2] {
    case UInt8(ascii: "A"), UInt8(ascii: "E"), UInt8(ascii: "I"), UInt8(ascii: "M"), UInt8(ascii: "Q"),
      UInt8(ascii: "U"), UInt8(ascii: "Y"), UInt8(ascii: "c"), UInt8(ascii: "g"), UInt8(ascii: "k"):
      break
    default: return false
    }
    let last = text[index + 3]
    return UInt8(ascii: "w")...UInt8(ascii: "z") ~= last || UInt8(ascii: "0")...UInt8(ascii: "5") ~= last
  }

  /// New Relic's licence keys: 36 bytes of hex and a mark of region, which end in the same letters.
  private static func newRelic<Text: ByteText>(_ word: Range<Int>, _ text: Text) -> Int? {
    word.count == 40 && text.has("FFFFNRAL", at: word.upperBound - 8) ? word.upperBound : nil
  }

  /// Keys of Azure storage, 88 bytes of base64 with a mark near the end, outside connection strings.
  private static func azureStorage<Text: ByteText>(_ mark: Int, behind last: Int, _ text: Text) -> Range<Int>? {
    let start = mark - 77
    guard start >= last else { return nil }
    for index in start..<mark where !ByteClass.base64.contains(text[index]) { return nil }
    guard text.end(of: .base64, from: mark, atMost: 10) == mark + 9, text.has("==", at: mark + 9) else { return nil }
    // What was found right before it is no part of it.
    let isApart =
      start == last || text.percentDecoded(at: start - 3) != nil || text[start - 2] == UInt8(ascii: "\\")
    return ByteClass.base64.contains(text[start - 1]) && !isApart ? nil : start..<mark + 11
  }
}
