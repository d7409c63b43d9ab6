/// The one text of a number, by which 42, 42.0 and "42" are the same value.
///
/// An integer is written in decimal digits, and so is a double that is an integer between -2^53 and 2^53, both left
/// out; from there on doubles no longer tell neighbouring integers apart. Minus zero is 0. All other doubles are written
/// with the fewest digits that give the same double again (`0.1`, `1e-07`, `1e+20`), and as OTLP/JSON writes them:
/// `NaN`, `Infinity` and `-Infinity`.
package enum CanonicalNumber {
  /// Calls `body` with the text of an integer. Allocates nothing.
  package static func withText<Result>(
    of value: Int64, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    // The longest is -9223372036854775808.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
      var start = buffer.count
      var rest = value.magnitude
      repeat {
        start -= 1
        buffer.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
      } while rest > 0
      if value < 0 {
        start -= 1
        buffer.initializeElement(at: start, to: UInt8(ascii: "-"))
      }
      return body(UnsafeBufferPointer(rebasing: buffer[start...]))
    }
  }

  /// Calls `body` with the text of a double. Allocates only where that has more than 15 characters.
  package static func withText<Result>(
    of value: Double, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if value.magnitude < 0x1p53, let integer = Int64(exactly: value) { return withText(of: integer, body) }
    var text = value.isFinite ? value.description : value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
    return text.withUTF8(body)
  }
}
