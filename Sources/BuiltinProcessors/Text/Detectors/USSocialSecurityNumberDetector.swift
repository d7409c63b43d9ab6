/// Social security numbers of the United States, `AAA-GG-SSSS` or with spaces, without the areas, groups and serials that
/// are never given out: 000, 666 and 900 to 999; 00; 0000.
struct USSocialSecurityNumberDetector: ByteTextDetector {
  let name = "us_ssn"

  let triggers = ["[0-9]{3}-[0-9]{2}-[0-9]{4}", "[0-9]{3}[ ][0-9]{2}[ ][0-9]{4}"]

  let sample = DetectorSample(before: "ssn ", secret: "219-09-9999", after: " is on file")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var index = 0
    while index < text.count {
      let escape = text.escapeLength(at: index)
      if escape > 0 {
        index += escape
      } else if !text[index].isAlphanumeric {
        index += 1
      } else {
        let end = text.end(of: .alphanumeric, from: index)
        if end - index == 3, isNumber(at: index, text) {
          found.add(index..<index + 11)
          index += 11
        } else {
          index = end
        }
      }
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
