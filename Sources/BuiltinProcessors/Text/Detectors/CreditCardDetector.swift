/// Numbers of payment cards: 14 to 19 digits of a known network, in one piece or in the groups printed on cards.
///
/// Whatever else is long and made of digits must not look like one, so all of these have to hold: the check digit
/// (ISO/IEC 7812, Luhn), a network's first digits with its length, nothing of a longer number, hash or UUID around it.
/// Numbers of 17 and 19 digits of networks that hardly issue any count in groups only, since every ninth decimal
/// 64-bit id begins with a 4. Visa's numbers of 13 digits have not been issued for decades and are left out, as are
/// Maestro's of 12 to 15. Nobody can tell a card from another number that has all this by chance.
struct CreditCardDetector: ByteTextDetector {
  let name = "credit_card"

  // A digit in the middle of text stops any automaton, so nothing is left to expressions.
  let triggers: [String] = []
  let digitRun: Int? = CardNumber.fewestDigits

  let sample = DetectorSample(before: "paid with ", secret: "4111 1111 1111 1111", after: ", thank you")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    text.forEachWord { word in
      guard let end = card(from: word.lowerBound, firstWord: word.upperBound, text) else { return word.upperBound }
      found.add(word.lowerBound..<end)
      return end
    }
  }

  /// Where the number that begins with a word ends; of several ends the last one.
  private func card<Text: ByteText>(from start: Int, firstWord: Int, _ text: Text) -> Int? {
    guard firstWord - start >= 4, firstWord - start <= 20, text[start].isDigit, !isInLongerNumber(start, text) else {
      return nil
    }
    var number = CardNumber()
    var separator: Int?
    var index = start
    var best: Int?
    while number.groupCount < 5 {
      let end = text.end(of: .digit, from: index, atMost: 20)
      guard end > index, end - index <= 19, !goesOnAsWord(at: end, text), number.count + end - index <= 19 else {
        break
      }
      for place in index..<end { number.append(text[place] &- UInt8(ascii: "0")) }
      number.endGroup(end - index)
      if number.isValid, !goesOn(at: end, text) { best = end }
      let length = separatorLength(at: end, text)
      guard length > 0 else { break }
      let kind = Int(text[end])
      guard separator == nil || separator == kind else { break }
      separator = kind
      index = end + length
    }
    return best
  }

  /// Whether letters belong to the digits; the suffix of a literal, as in `4111111111111111L`, is none of them.
  private func goesOnAsWord<Text: ByteText>(at end: Int, _ text: Text) -> Bool {
    switch text[end] {
    case UInt8(ascii: "L"), UInt8(ascii: "l"), UInt8(ascii: "n"): text[end + 1].isAlphanumeric
    case let byte: byte.isAlphanumeric
    }
  }

  private func separatorLength<Text: ByteText>(at index: Int, _ text: Text) -> Int {
    switch text[index] {
    case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"): 1
    case UInt8(ascii: "%"): text[index + 1] == UInt8(ascii: "2") && text[index + 2] == UInt8(ascii: "0") ? 3 : 0
    default: 0
    }
  }

  /// Whether the digits before are the whole part of a decimal number, or the segment before is one of a UUID.
  private func isInLongerNumber<Text: ByteText>(_ start: Int, _ text: Text) -> Bool {
    switch text[start - 1] {
    case UInt8(ascii: "."): return text[start - 2].isDigit
    case UInt8(ascii: "-"): return (2...5).allSatisfy { text[start - $0].hexValue != nil }
    default: return false
    }
  }

  /// Whether a fraction, or the next segment of a UUID, follows.
  private func goesOn<Text: ByteText>(at end: Int, _ text: Text) -> Bool {
    switch text[end] {
    case UInt8(ascii: "."): return text[end + 1].isDigit
    case UInt8(ascii: "-"): return (1...4).allSatisfy { text[end + $0].hexValue != nil }
    default: return false
    }
  }
}
