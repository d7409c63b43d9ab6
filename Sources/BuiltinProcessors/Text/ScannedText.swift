/// A text that is looked through for secrets: UTF-8, or any bytes.
///
/// Unsafe code: it does not keep the bytes alive. What it relies on is that whoever makes one uses it only while the
/// bytes are there. Reading is checked: outside the text there are zero bytes, which no detector takes for anything.
package struct ScannedText {
  private let base: UnsafePointer<UInt8>?
  /// How many bytes there are.
  package let count: Int

  @inline(__always)
  package init(_ bytes: UnsafeBufferPointer<UInt8>) {
    base = bytes.baseAddress
    count = bytes.count
  }

  /// The byte at an index, or 0 outside the text.
  @inline(__always)
  package subscript(index: Int) -> UInt8 {
    guard let base, UInt(bitPattern: index) < UInt(bitPattern: count) else { return 0 }
    return base[index]
  }

  /// The part of the text within a range; what lies outside is left out.
  @inline(__always)
  package subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    guard let base else { return UnsafeBufferPointer(start: nil, count: 0) }
    let range = range.clamped(to: 0..<count)
    return UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
  }
}
