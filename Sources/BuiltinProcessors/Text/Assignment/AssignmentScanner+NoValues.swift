/// What stands in the place of a value and is none: null, a placeholder of a query, a variable.
extension AssignmentScanner {
  /// - Parameter range: not empty.
  func isNoValue(_ range: Range<Int>) -> Bool {
    if range.count > AssignmentName.maximumLength { return false }
    var end = range.upperBound
    if end - range.lowerBound > 1, text[end - 1] == UInt8(ascii: ",") || text[end - 1] == UInt8(ascii: ";") { end -= 1 }
    let range = range.lowerBound..<end
    return isNull(range) || isPlaceholder(range) || isDuration(range)
  }

  /// `12ms`, `0.5s`: how long something took that is named after a secret.
  private func isDuration(_ range: Range<Int>) -> Bool {
    var unit = range.lowerBound
    while unit - range.lowerBound < 6, ByteKind.isDigit(text[unit]) || text[unit] == UInt8(ascii: ".") { unit += 1 }
    guard unit > range.lowerBound else { return false }
    switch range.upperBound - unit {
    case 1: return stands("s", unit..<range.upperBound)
    case 2:
      let unit = unit..<range.upperBound
      return stands("ms", unit) || stands("us", unit) || stands("ns", unit)
    default: return false
    }
  }

  private func isNull(_ range: Range<Int>) -> Bool {
    switch range.count {
    case 1: text[range.lowerBound] == UInt8(ascii: "-")
    case 2: stands("{}", range) || stands("[]", range) || stands("()", range)
    case 3: stands("nil", range) || stands("n/a", range)
    case 4: stands("null", range) || stands("none", range) || stands("true", range)
    case 5: stands("false", range)
    case 6: stands("(null)", range) || stands("(none)", range)
    case 8: stands("[hidden]", range) || stands("[masked]", range)
    case 9: stands("undefined", range)
    case 10: stands("[filtered]", range)
    default: false
    }
  }

  private func stands(_ word: StaticString, _ range: Range<Int>) -> Bool { text.stands(word, at: range.lowerBound) }

  /// `?`, `$1`, `%s`, `:1`, `@p0`, and the name of a secret as a variable: `:password`, `${DB_PASSWORD}`, `$token`.
  ///
  /// Statements come with these instead of values, so most texts with a password's name hold one. As variables only
  /// names count that would be secret themselves.
  private func isPlaceholder(_ range: Range<Int>) -> Bool {
    let first = text[range.lowerBound]
    var name = range.lowerBound + 1..<range.upperBound
    switch first {
    case UInt8(ascii: "?"), UInt8(ascii: "*"): return name.allSatisfy { text[$0] == first }
    case UInt8(ascii: "$"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "#"):
      if name.isEmpty { return false }
      if first == UInt8(ascii: "@"), text[name.lowerBound] == UInt8(ascii: "p") {
        if name.count > 1, name.dropFirst().allSatisfy({ ByteKind.isDigit(text[$0]) }) { return true }
      }
      if name.count <= 3, name.allSatisfy({ ByteKind.isDigit(text[$0]) }) { return true }
      if text[name.lowerBound] == UInt8(ascii: "{") { name = name.dropFirst().dropLast() }
    case UInt8(ascii: "%"):
      if name.count == 1 { return ByteKind.isLetter(text[name.lowerBound]) }
      guard text[name.lowerBound] == UInt8(ascii: "("), text[name.upperBound - 1] == UInt8(ascii: "s") else {
        return false
      }
      name = name.dropFirst().dropLast(2)
    case UInt8(ascii: "{"):
      if text[name.lowerBound] == UInt8(ascii: "{") { name = name.dropFirst().dropLast() }
      guard text[range.upperBound - 1] == UInt8(ascii: "}") else { return false }
      name = name.dropLast()
    default: return false
    }
    return isIdentifier(name) && terms.hold(text[name], whole: text[name])
  }

  private func isIdentifier(_ range: Range<Int>) -> Bool {
    guard let first = range.first, ByteKind.isLetter(text[first]) || text[first] == UInt8(ascii: "_") else {
      return false
    }
    return range.allSatisfy { index in
      ByteKind.isLetter(text[index]) || text[index] == UInt8(ascii: "_")
        || (ByteKind.isDigit(text[index]) && text[index - 1] == UInt8(ascii: "_"))
    }
  }
}
