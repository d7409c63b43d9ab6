/// Bytes that detectors read one at a time, by index.
///
/// Detectors are written against this rather than against `ScannedText`, so that a test can count what they read.
package protocol ByteText {
  /// How many bytes there are.
  var count: Int { get }
  /// The byte at an index, or 0 outside the text.
  subscript(index: Int) -> UInt8 { get }
}

extension ScannedText: ByteText {}

/// A detector that reads its text byte by byte.
package protocol ByteTextDetector: TextDetector {
  /// What `find` does, for any text.
  func search<Text: ByteText>(_ text: Text, into found: inout TextRanges)
}

extension ByteText {
  /// Whether these bytes stand at the index.
  @inline(__always)
  func has(_ literal: StaticString, at index: Int) -> Bool {
    literal.withUTF8Buffer { bytes in
      for offset in 0..<bytes.count where self[index + offset] != bytes[offset] { return false }
      return true
    }
  }

  /// Whether these bytes stand at the index, in any case. The literal has to be in small letters.
  @inline(__always)
  func hasInAnyCase(_ literal: StaticString, at index: Int) -> Bool {
    literal.withUTF8Buffer { bytes in
      for offset in 0..<bytes.count where self[index + offset].smallLetter != bytes[offset] { return false }
      return true
    }
  }

  /// Whether what hidden text is replaced with stands at an index.
  @inline(__always)
  func hasMark(at index: Int) -> Bool { self[index] == UInt8(ascii: "[") && has("[REDACTED]", at: index) }

  /// How long the mark is.
  var markLength: Int { 10 }

  /// The index behind the bytes of a class that stand at this index, at most so many.
  @inline(__always)
  func end(of bytes: ByteClass, from index: Int, atMost limit: Int = .max) -> Int {
    var end = index
    while end < count, end - index < limit, bytes.contains(self[end]) { end += 1 }
    return end
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
