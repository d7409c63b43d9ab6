/// IPv6 addresses as text.
enum IPv6Address {
  /// The address that a run of hex digits, colons and dots is, without marks around it.
  static func range<Text: ByteText>(
    in run: Range<Int>, _ isBehindWord: Bool, _ isBeforeWord: Bool, _ text: Text
  ) -> Range<Int>? {
    var start = run.lowerBound
    var end = run.upperBound
    let colon = UInt8(ascii: ":")
    // `addr:2001:db8::7`: the colon behind the word is none of the address.
    if text[start] == colon, text[start + 1] != colon {
      start += 1
    } else if isBehindWord {
      return nil
    }
    while end > start, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
    if end - start > 1, text[end - 1] == colon, text[end - 2] != colon { end -= 1 }
    guard 3...45 ~= end - start, !(end == run.upperBound && isBeforeWord) else { return nil }
    guard isAddress(start..<end, text) else { return nil }
    return start..<zoneEnd(from: end, text)
  }

  private static func isAddress<Text: ByteText>(_ range: Range<Int>, _ text: Text) -> Bool {
    var index = range.lowerBound
    var groups = 0
    var isCompressed = false
    var hasDigit = false
    var isPairs = true
    while index < range.upperBound {
      if text[index] == UInt8(ascii: ":") {
        guard text[index + 1] == UInt8(ascii: ":"), !isCompressed else { return false }
        isCompressed = true
        index += 2
        continue
      }
      let end = text.end(of: .hex, from: index, atMost: 5)
      if text[end] == UInt8(ascii: "."), end < range.upperBound {
        guard IPv4Address.end(from: index, upTo: range.upperBound, text) == range.upperBound else { return false }
        groups += 2
        isPairs = false
        hasDigit = true
        break
      }
      guard 1...4 ~= end - index else { return false }
      if end - index != 2 { isPairs = false }
      for place in index..<end where text[place].isDigit { hasDigit = true }
      groups += 1
      index = end
      guard index < range.upperBound else { break }
      guard text[index] == UInt8(ascii: ":") else { return false }
      // A single colon has a group behind it; two of them are read above.
      if text[index + 1] != UInt8(ascii: ":") { index += 1 }
      if index == range.upperBound { return false }
    }
    if !isCompressed { return groups == 8 && !isPairs }
    return groups <= 7 && groups > 0 && (hasDigit || groups >= 3)
  }

  /// The end of `%eth0` behind an address, also percent-encoded; the end of the address if there is none.
  private static func zoneEnd<Text: ByteText>(from end: Int, _ text: Text) -> Int {
    guard text[end] == UInt8(ascii: "%") else { return end }
    var start = end + 1
    if let decoded = text.percentDecoded(at: end) {
      // Any other escape is one that follows an address in a URL.
      guard decoded == UInt8(ascii: "%") else { return end }
      start = end + 3
    }
    let zone = text.end(of: [.alphanumeric, .underscore, .hyphen, .dot], from: start, atMost: 32)
    return zone > start ? zone : end
  }
}
