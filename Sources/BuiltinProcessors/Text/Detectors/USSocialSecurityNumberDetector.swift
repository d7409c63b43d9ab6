/// Social security numbers of the United States, `AAA-GG-SSSS` or with spaces, without the areas, groups and serials that
/// are never given out: 000, 666 and 900 to 999; 00; 0000.
struct USSocialSecurityNumberDetector: ByteTextDetector {
  let name = "us_ssn"

  let triggers: [String] = []
  let numberShapes: NumberShapes = .socialSecurity

  let sample = DetectorSample(before: "ssn ", secret: "219-09-9999", after: " is on file")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    text.forEachWord { word in
      guard word.count == 3, isNumber(at: word.lowerBound, text) else { return word.upperBound }
      found.add(word.lowerBound..<word.lowerBound + 11)
      return word.lowerBound + 11
    }
  }

  private func isNumber<Text: ByteText>(at start: Int, _ text: Text) -> Bool {
    let separator = text[start + 3]
    guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: " "), text[start + 6] == separator else {
      return false
    }
    guard let area = number(start, 3, text), let group = number(start + 4, 2, text),
      let serial = number(start + 7, 4, text)
    else { return false }
    guard area > 0, area != 666, area < 900, group > 0, serial > 0 else { return false }
    return !text[start + 11].isAlphanumeric && !isInLongerNumber(start, text)
  }

  private func number<Text: ByteText>(_ start: Int, _ count: Int, _ text: Text) -> Int? {
    var value = 0
    for index in start..<start + count {
      guard text[index].isDigit else { return nil }
      value = value * 10 + Int(text[index] &- UInt8(ascii: "0"))
    }
    return value
  }

  /// Whether more groups of digits belong to it, parted by the same mark.
  private func isInLongerNumber<Text: ByteText>(_ start: Int, _ text: Text) -> Bool {
    let separator = text[start + 3]
    return text[start - 1] == separator && text[start - 2].isDigit
      || text[start + 11] == separator && text[start + 12].isDigit
  }
}
