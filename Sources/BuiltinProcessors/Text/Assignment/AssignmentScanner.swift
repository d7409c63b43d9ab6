/// One pass over one text, from value to value.
///
/// Nothing before the end of the last value is looked at again, and what is decided about the text behind a value does
/// not depend on the value's own bytes. So a text whose values are replaced by the mark is read the same way, and each
/// byte is read a bounded number of times.
struct AssignmentScanner<Text: ByteText> {
  let text: Text
  let terms: AssignmentTerms
  /// The end of the last value found.
  private(set) var floor = 0
  /// Whether this stands between `<` and `>` of an XML element with a secret name.
  private(set) var isInElement = false

  init(_ text: Text, _ terms: AssignmentTerms) {
    self.text = text
    self.terms = terms
  }

  mutating func scan(into found: inout TextRanges) {
    var index = 0
    while index < text.count {
      let sign = text[index]
      guard Self.isSign(sign) else {
        index += 1
        continue
      }
      var next = index + 1
      let value: Range<Int>?
      switch sign {
      case UInt8(ascii: "-"): value = flagValue(at: index)
      case UInt8(ascii: "<"):
        let end = secretElementName(at: index)
        isInElement = end != nil
        next = end ?? next
        value = nil
      case UInt8(ascii: ">"):
        value = isInElement && byte(before: index) != UInt8(ascii: "/") ? elementValue(from: next) : nil
        isInElement = false
      case UInt8(ascii: "'"): value = byte(before: index).isBlank ? statementValue(at: index) : nil
      case UInt8(ascii: ","): value = byte(before: index).isQuote ? pairValue(at: index) : nil
      default:
        let separator = separator(at: index)
        if let separator { next = separator.range.upperBound }
        // Not by `flatMap(assignedValue)`, which copies the scanner and what it refers to for each separator.
        value = if let separator { assignedValue(separator) } else { nil }
      }
      if let value {
        found.add(value)
        floor = value.upperBound
        next = value.upperBound
      }
      index = next
    }
  }

  /// The bytes at which an assignment, a flag, an element or a pair can be noticed.
  @inline(__always)
  private static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "%"), UInt8(ascii: "-"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: ","):
      true
    default: false
    }
  }

  /// The byte before an index; 0 at the start of the text and where the last value ends.
  @inline(__always)
  func byte(before index: Int) -> UInt8 { index > floor ? text[index - 1] : 0 }

  /// The character at an index with its percent escape decoded.
  func character(at index: Int) -> (byte: UInt8, length: Int) {
    text.percentEscape(at: index).map { ($0.byte, $0.length) } ?? (text[index], 1)
  }

  private func assignedValue(_ separator: AssignmentSeparator) -> Range<Int>? {
    guard let name = name(before: separator) else { return nil }
    if isSecret(name, before: separator) { return value(of: name, behind: separator) }
    return memberValue(name, separator)
  }

  func skipBlanks(from index: Int) -> Int {
    var index = index
    while text[index].isBlank { index += 1 }
    return index
  }
}
