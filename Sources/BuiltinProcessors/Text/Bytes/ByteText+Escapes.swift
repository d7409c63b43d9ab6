/// A character written as a percent escape, such as `%3D`, or escaped more than once, such as `%253D`.
struct PercentEscape {
  var byte: UInt8
  var length: Int
  /// How often it is escaped: 1 for `%3D`.
  var depth: Int

  static let maximumDepth = 3
}

extension ByteText {
  /// The percent escape that begins at an index.
  @inline(__always)
  func percentEscape(at index: Int) -> PercentEscape? {
    guard self[index] == UInt8(ascii: "%") else { return nil }
    var digits = index + 1
    var depth = 1
    while depth < PercentEscape.maximumDepth, self[digits] == UInt8(ascii: "2"), self[digits + 1] == UInt8(ascii: "5"),
      self[digits + 2].hexValue != nil, self[digits + 3].hexValue != nil
    {
      digits += 2
      depth += 1
    }
    guard let high = self[digits].hexValue, let low = self[digits + 1].hexValue else { return nil }
    return PercentEscape(byte: high << 4 | low, length: digits + 2 - index, depth: depth)
  }

  /// The ASCII character that a JSON escape such as `\u0026` at an index stands for.
  @inline(__always)
  func unicodeEscape(at index: Int) -> UInt8? {
    guard self[index] == UInt8(ascii: "\\"), self[index + 1] == UInt8(ascii: "u"), self[index + 2] == UInt8(ascii: "0"),
      self[index + 3] == UInt8(ascii: "0"), let high = self[index + 4].hexValue, high < 8,
      let low = self[index + 5].hexValue
    else { return nil }
    return high << 4 | low
  }

  /// How long a JSON escape such as `\u0026` is.
  var unicodeEscapeLength: Int { 6 }

  /// How long a quote at an index is that is written as an HTML entity or a JSON escape, such as `&quot;`.
  func escapedQuote(at index: Int) -> Int? {
    if self[index] == UInt8(ascii: "&") {
      if hasInAnyCase("&quot;", at: index) || hasInAnyCase("&apos;", at: index) { return 6 }
      return hasInAnyCase("&#34;", at: index) || hasInAnyCase("&#39;", at: index) ? 5 : nil
    }
    return unicodeEscape(at: index).flatMap { $0.isQuote ? unicodeEscapeLength : nil }
  }

  /// How many backslashes stand from an index on, as far as anybody nests strings in strings.
  @inline(__always)
  func backslashes(from index: Int) -> Int {
    var count = 0
    while count < 64, self[index + count] == UInt8(ascii: "\\") { count += 1 }
    return count
  }

  /// How many backslashes stand before an index, none of them before `floor`.
  @inline(__always)
  func backslashes(before index: Int, floor: Int) -> Int {
    var count = 0
    while count < 64, index - count > floor, self[index - count - 1] == UInt8(ascii: "\\") { count += 1 }
    return count
  }

  /// The byte that `%41` and the like stands for.
  @inline(__always)
  func percentDecoded(at index: Int) -> UInt8? {
    guard self[index] == UInt8(ascii: "%") else { return nil }
    guard let high = self[index + 1].hexValue, let low = self[index + 2].hexValue else { return nil }
    return high << 4 | low
  }

  /// How long the escape at this index is, 0 if there is none.
  ///
  /// Letters of an escape are no part of the word behind it: in `%20ghp_…` and `\nghp_…` the token begins with its g.
  /// JSON within JSON doubles the backslashes again and again, so any number of them makes one escape.
  @inline(__always)
  func escapeLength(at index: Int) -> Int {
    switch self[index] {
    case UInt8(ascii: "%"):
      guard let decoded = percentDecoded(at: index) else { return 0 }
      let isTwiceEncoded =
        decoded == UInt8(ascii: "%") && self[index + 3].hexValue != nil && self[index + 4].hexValue != nil
      if isTwiceEncoded { return 5 }
      guard decoded == UInt8(ascii: "\\") else { return 3 }
      var letter = index + 3
      while hasInAnyCase("%5c", at: letter) { letter += 3 }
      return letter - index + (isLineBreakOrTab(self[letter]) ? 1 : 0)
    case UInt8(ascii: "\\"):
      let letter = endOfBackslashes(from: index)
      let backslashes = letter - index
      switch self[letter] {
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"):
        return backslashes + 1
      case UInt8(ascii: "u") where end(of: .hex, from: letter + 1, atMost: 4) == letter + 5: return backslashes + 5
      default: return backslashes > 1 ? backslashes : 0
      }
    default: return 0
    }
  }

  /// Whether the letter stands for a line break or a tab behind a backslash.
  @inline(__always)
  private func isLineBreakOrTab(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "n") || byte == UInt8(ascii: "r") || byte == UInt8(ascii: "t")
  }

  /// The index behind the backslashes that stand at this index, if any do.
  @inline(__always)
  func endOfBackslashes(from index: Int) -> Int {
    var end = index
    while self[end] == UInt8(ascii: "\\") { end += 1 }
    return end
  }

  /// How long the slash at this index is, plain, percent-encoded or with the backslashes of JSON; 0 if there is none.
  @inline(__always)
  func slashLength(at index: Int) -> Int {
    switch self[index] {
    case UInt8(ascii: "/"): return 1
    case UInt8(ascii: "%"): return hasInAnyCase("%2f", at: index) ? 3 : 0
    case UInt8(ascii: "\\"):
      let end = endOfBackslashes(from: index)
      return self[end] == UInt8(ascii: "/") ? end + 1 - index : 0
    default: return 0
    }
  }
}
