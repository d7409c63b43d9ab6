/// Bytes that are read one at a time, by index.
///
/// Whatever looks for secrets is written against this rather than against `ScannedText`, so that a test can count what
/// is read.
package protocol ByteText {
  /// How many bytes there are.
  var count: Int { get }
  /// The byte at an index, or 0 outside the text.
  subscript(index: Int) -> UInt8 { get }
  /// The part of the text within a range; what lies outside is left out.
  subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> { get }
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

  /// Calls `next` with each run of ASCII letters and digits, those of escapes left out, and goes on where it says.
  @inline(__always)
  func forEachWord(_ next: (_ word: Range<Int>) -> Int) {
    var index = 0
    while index < count {
      let escape = escapeLength(at: index)
      if escape > 0 {
        index += escape
      } else if !self[index].isAlphanumeric {
        index += 1
      } else {
        index = next(index..<end(of: .alphanumeric, from: index))
      }
    }
  }
}
