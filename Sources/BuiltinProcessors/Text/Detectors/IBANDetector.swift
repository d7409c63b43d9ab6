/// International bank account numbers (ISO 13616): a country with its own length, check digits modulo 97; in one piece
/// or in groups of four with single spaces, in either case of letters.
struct IBANDetector: ByteTextDetector {
  let name = "iban"

  let triggers: [String] = []
  let numberShapes: NumberShapes = .account

  let sample = DetectorSample(before: "refund to ", secret: "DE89 3704 0044 0532 0130 00", after: ".")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    text.forEachWord { word in
      guard let end = accountEnd(from: word.lowerBound, text) else { return word.upperBound }
      found.add(word.lowerBound..<end)
      return end
    }
  }

  private func accountEnd<Text: ByteText>(from start: Int, _ text: Text) -> Int? {
    guard text[start].isLetter, text[start + 1].isLetter, text[start + 2].isDigit, text[start + 3].isDigit else {
      return nil
    }
    let length = Self.length(text[start].smallLetter, text[start + 1].smallLetter)
    guard length > 0 else { return nil }
    var index = start + 4
    var count = 4
    var remainder = 0
    let isGrouped = spaceLength(at: index, text) > 0
    while count < length {
      if isGrouped, count % 4 == 0 {
        let space = spaceLength(at: index, text)
        guard space > 0 else { return nil }
        index += space
      }
      guard text[index].isAlphanumeric else { return nil }
      remainder = Self.appended(text[index], to: remainder)
      index += 1
      count += 1
    }
    guard !text[index].isAlphanumeric else { return nil }
    // Country and check digits count last.
    for place in start..<start + 4 { remainder = Self.appended(text[place], to: remainder) }
    return remainder == 1 ? index : nil
  }

  private func spaceLength<Text: ByteText>(at index: Int, _ text: Text) -> Int {
    switch text[index] {
    case UInt8(ascii: " "), UInt8(ascii: "+"): 1
    case UInt8(ascii: "%"): text.has("%20", at: index) ? 3 : 0
    default: 0
    }
  }

  /// A letter stands for two digits, from 10 for A to 35 for Z.
  private static func appended(_ byte: UInt8, to remainder: Int) -> Int {
    if byte.isDigit { return (remainder * 10 + Int(byte &- UInt8(ascii: "0"))) % 97 }
    return (remainder * 100 + Int(byte.smallLetter &- UInt8(ascii: "a")) + 10) % 97
  }

  /// The lengths of the countries in the registry, by their two small letters; 0 for any other letters.
  static func length(_ first: UInt8, _ second: UInt8) -> Int {
    lengths[Int(first &- UInt8(ascii: "a")) * 26 + Int(second &- UInt8(ascii: "a"))]
  }

  private static let lengths: [Int] = {
    var lengths = Array(repeating: 0, count: 26 * 26)
    let countries: [Int: String] = [
      15: "NO", 16: "BE", 18: "DK FO FI FK GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK", 21: "CH HR LI LV",
      22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
      25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
      28: "AL AZ BY CY DO GT HN HU LB NI PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC",
      33: "RU",
    ]
    for (length, codes) in countries {
      for code in codes.utf8.split(separator: UInt8(ascii: " ")) {
        let letters = code.map { Int($0 &- UInt8(ascii: "A")) }
        lengths[letters[0] * 26 + letters[1]] = length
      }
    }
    return lengths
  }()
}
