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
    let range = index..<index + escape.length
    switch escape.byte {
    case UInt8(ascii: "="): return AssignmentSeparator(range: range, isColon: false, depth: escape.depth)
    case UInt8(ascii: ":"):
      let next = character(at: range.upperBound)
      if next.byte == UInt8(ascii: ":") { return nil }
      if next.byte == UInt8(ascii: "/"), character(at: range.upperBound + next.length).byte == next.byte { return nil }
      return AssignmentSeparator(range: range, isColon: true, depth: escape.depth)
    default: return nil
    }
  }
}
