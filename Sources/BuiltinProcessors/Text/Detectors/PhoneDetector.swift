/// Telephone numbers: international ones with a plus sign and 8 to 15 digits (ITU-T E.164), and those of North America
/// with area code and exchange, `(ddd) ddd-dddd`, `ddd-ddd-dddd` or `ddd.ddd.dddd`.
///
/// Without a plus sign, parentheses, or the hyphens in these very places, a number is taken for anything else.
struct PhoneDetector: ByteTextDetector {
  let name = "phone"

  let triggers: [String] = []
  let numberShapes: NumberShapes = .phone

  let sample = DetectorSample(before: "call ", secret: "+1 (555) 010-9999", after: " today")

  func find(in text: ScannedText, into found: inout TextRanges) { search(text, into: &found) }

  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges) {
    var index = 0
    var isBehindWord = false
    while index < text.count {
      let byte = text[index]
      if !isBehindWord, let end = numberEnd(from: index, text) {
        found.add(index..<end)
        index = end
        continue
      }
      let escape = text.escapeLength(at: index)
      if escape > 0 {
        index += escape
        isBehindWord = false
      } else if byte.isAlphanumeric {
        index = text.end(of: .alphanumeric, from: index)
        isBehindWord = true
      } else {
        // A mark between digits does not begin a number of its own.
        isBehindWord = isBehindWord && joins(byte) && text[index - 1].isAlphanumeric
        index += 1
      }
    }
  }

  private func joins(_ byte: UInt8) -> Bool { ([.hyphen, .dot, .underscore] as ByteClass).contains(byte) }

  private func numberEnd<Text: ByteText>(from start: Int, _ text: Text) -> Int? {
    switch text[start] {
    case UInt8(ascii: "+"): return international(from: start + 1, text)
    case UInt8(ascii: "%"): return text.hasInAnyCase("%2b", at: start) ? international(from: start + 3, text) : nil
    case UInt8(ascii: "("): return northAmerican(from: start, text)
    case UInt8(ascii: "2")...UInt8(ascii: "9"): return northAmerican(from: start, text)
    case UInt8(ascii: "1"):
      guard text[start + 1] == UInt8(ascii: "-") || text[start + 1] == UInt8(ascii: " ") else { return nil }
      return northAmerican(from: start + 2, text)
    default: return nil
    }
  }

  /// Up to 15 digits, between which there may be single separators and parentheses. Digits behind those, as of a date,
  /// are none of the number.
  private func international<Text: ByteText>(from start: Int, _ text: Text) -> Int? {
    var index = start
    var digits = 0
    var best: Int?
    var dots = 0
    var marks = 0
    while true {
      let groupEnd = text.end(of: .digit, from: index, atMost: 16)
      if groupEnd > index {
        if digits == 0, text[index] == UInt8(ascii: "0") { return nil }
        digits += groupEnd - index
        guard digits <= 15 else { break }
        index = groupEnd
        // One dot alone makes it a decimal number.
        if dots == 1, marks == 0 {
          best = nil
        } else if digits >= 8, !text[index].isAlphanumeric {
          best = index
        }
      } else if digits > 0 || text[index] != UInt8(ascii: "(") {
        break
      }
      // Between two groups there are at most three marks: a parenthesis, a space, a parenthesis.
      let group = index
      while index - group < 7 {
        let length = separatorLength(at: index, text)
        guard length > 0 else { break }
        if text[index] == UInt8(ascii: ".") { dots += 1 } else { marks += 1 }
        index += length
      }
      guard index > group else { break }
    }
    return best
  }

  private func separatorLength<Text: ByteText>(at index: Int, _ text: Text) -> Int {
    switch text[index] {
    case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"): 1
    case UInt8(ascii: "%"):
      text.has("%20", at: index) || text.has("%28", at: index) || text.has("%29", at: index) ? 3 : 0
    default: 0
    }
  }

  private func northAmerican<Text: ByteText>(from start: Int, _ text: Text) -> Int? {
    let hasParentheses = text[start] == UInt8(ascii: "(")
    var index = hasParentheses ? start + 1 : start
    guard isAreaOrExchange(index, text) else { return nil }
    index += 3
    let separator: UInt8
    if hasParentheses {
      guard text[index] == UInt8(ascii: ")") else { return nil }
      index += 1
      if text.has("%20", at: index) {
        index += 3
      } else if text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+")
      {
        index += 1
      }
      separator = text[index + 3]
      guard separator == UInt8(ascii: " ") || joins(separator) else { return nil }
    } else {
      separator = text[index]
      guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: ".") else { return nil }
      index += 1
    }
    guard isAreaOrExchange(index, text), text[index + 3] == separator else { return nil }
    let end = text.end(of: .digit, from: index + 4, atMost: 5)
    guard end == index + 8, !text[end].isAlphanumeric else { return nil }
    return joins(text[end]) && text[end + 1].isDigit ? nil : end
  }

  /// Three digits of which the first is neither 0 nor 1.
  private func isAreaOrExchange<Text: ByteText>(_ index: Int, _ text: Text) -> Bool {
    2...9 ~= text[index] &- UInt8(ascii: "0") && text[index + 1].isDigit && text[index + 2].isDigit
  }
}
