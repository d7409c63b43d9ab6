/// What stands between the name and the value of an assignment: `=`, `:`, `=>`, `:=`, `==`, `!=`, `%3D`, `%3A`.
struct AssignmentSeparator {
  var range: Range<Int>
  /// Whether it is a plain colon, after which prose may follow as well.
  var isColon: Bool
  /// How often it is percent-escaped; 0 for one that stands as it is.
  var depth = 0
}

extension AssignmentScanner {
  /// The separator whose first byte of weight (`=`, `:` or `%`) stands at an index.
  @inline(__always)
  func separator(at index: Int) -> AssignmentSeparator? {
    switch text[index] {
    case UInt8(ascii: "="): equalsSign(at: index)
    case UInt8(ascii: ":"): colon(at: index)
    default: escapedSeparator(at: index)
    }
  }

  private func equalsSign(at index: Int) -> AssignmentSeparator {
    var start = index
    switch byte(before: start) {
    case UInt8(ascii: "!"), UInt8(ascii: "+"), UInt8(ascii: "?"): start -= 1
    default: break
    }
    var end = index + 1
    while end < index + 3, text[end] == UInt8(ascii: "=") { end += 1 }
    if text[end] == UInt8(ascii: ">") || text[end] == UInt8(ascii: "~") { end += 1 }
    return AssignmentSeparator(range: start..<end, isColon: false)
  }

  private func colon(at index: Int) -> AssignmentSeparator? {
    if byte(before: index) == UInt8(ascii: ":") { return nil }
    switch text[index + 1] {
    case UInt8(ascii: ":"): return nil
    case UInt8(ascii: "/") where text[index + 2] == UInt8(ascii: "/"): return nil
    case UInt8(ascii: "="): return AssignmentSeparator(range: index..<index + 2, isColon: false)
    default: return AssignmentSeparator(range: index..<index + 1, isColon: true)
    }
  }

  private func escapedSeparator(at index: Int) -> AssignmentSeparator? {
    guard let escape = text.percentEscape(at: index) else { return nil }
    var range = index..<index + escape.length
    switch escape.byte {
    case UInt8(ascii: "="):
      // `%21%3D`, and `%3D%3D` or `%3D%3E`.
      let before = index - escape.length
      if before >= floor, let sign = text.percentEscape(at: before), sign.length == escape.length,
        sign.byte == UInt8(ascii: "!") || sign.byte == UInt8(ascii: "+")
      {
        range = before..<range.upperBound
      }
      var end = range.upperBound
      for _ in 0..<2 { end = behind(UInt8(ascii: "="), at: end, escape.depth) ?? end }
      end = behind(UInt8(ascii: ">"), at: end, escape.depth) ?? end
      return AssignmentSeparator(range: range.lowerBound..<end, isColon: false, depth: escape.depth)
    case UInt8(ascii: ":"):
      if let end = behind(UInt8(ascii: "="), at: range.upperBound, escape.depth) {
        return AssignmentSeparator(range: range.lowerBound..<end, isColon: false, depth: escape.depth)
      }
      let next = character(at: range.upperBound)
      if next.byte == UInt8(ascii: ":") { return nil }
      if next.byte == UInt8(ascii: "/"), character(at: range.upperBound + next.length).byte == next.byte { return nil }
      return AssignmentSeparator(range: range, isColon: true, depth: escape.depth)
    default: return nil
    }
  }

  /// Behind a sign that is escaped as often as the one before it.
  private func behind(_ sign: UInt8, at index: Int, _ depth: Int) -> Int? {
    guard let escape = text.percentEscape(at: index), escape.byte == sign, escape.depth == depth else { return nil }
    return index + escape.length
  }
}
