internal import ProcessorHost

/// The value of the header `traceparent`. W3C Trace Context Level 2, section 3.2.
///
/// Version 00 is `00-`, 32 digits of the trace, `-`, 16 of the parent, `-`, two of flags, and nothing else. A higher
/// version begins the same way; what follows after another `-` is not looked at.
enum Traceparent {
  private static let length = 55
  private static let traceIDOffset = 3
  private static let parentIDOffset = 36
  private static let flagsOffset = 53
  private static let dash = UInt8(ascii: "-")

  /// The flags that have a meaning; the others are to be zero on the way out.
  private static let knownFlags: TraceFlags = [.sampled, .random]

  /// - Returns: nil for what is not valid: a trace begins anew there.
  static func parse(_ header: String) -> SpanContext? {
    var header = header
    return header.withUTF8 { parse(trimmed($0)) }
  }

  private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> SpanContext? {
    guard bytes.count >= length, let version = number(bytes, at: 0, digits: 2), version != 0xff,
      bytes.count == length || (version > 0 && bytes[length] == dash),
      bytes[traceIDOffset - 1] == dash, bytes[parentIDOffset - 1] == dash, bytes[flagsOffset - 1] == dash,
      let high = number(bytes, at: traceIDOffset, digits: 16),
      let low = number(bytes, at: traceIDOffset + 16, digits: 16),
      let parent = number(bytes, at: parentIDOffset, digits: 16),
      let flags = number(bytes, at: flagsOffset, digits: 2)
    else { return nil }
    let context = SpanContext(
      traceID: TraceID(high: high, low: low), spanID: SpanID(parent),
      traceFlags: TraceFlags(rawValue: UInt8(flags)).intersection(knownFlags), isRemote: true)
    return context.isValid ? context : nil
  }

  /// The header for a valid span context, in version 00.
  static func text(_ context: SpanContext) -> String {
    String(unsafeUninitializedCapacity: length) { output in
      write(0, digits: 2, to: output, at: 0)
      output[traceIDOffset - 1] = dash
      write(context.traceID.high, digits: 16, to: output, at: traceIDOffset)
      write(context.traceID.low, digits: 16, to: output, at: traceIDOffset + 16)
      output[parentIDOffset - 1] = dash
      write(context.spanID.value, digits: 16, to: output, at: parentIDOffset)
      output[flagsOffset - 1] = dash
      let flags = context.traceFlags.intersection(knownFlags)
      write(UInt64(flags.rawValue), digits: 2, to: output, at: flagsOffset)
      return length
    }
  }

  /// Without the white space that HTTP allows around a header's value.
  private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var range = bytes.indices
    while let first = range.first, isSpace(bytes[first]) { range = range.dropFirst() }
    while let last = range.last, isSpace(bytes[last]) { range = range.dropLast() }
    return UnsafeBufferPointer(rebasing: bytes[range])
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  /// The number that lower-case hexadecimal digits stand for; nil for any other character.
  private static func number(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int, digits: Int) -> UInt64? {
    var number: UInt64 = 0
    for byte in bytes[offset..<offset + digits] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return number
  }

  private static func write(
    _ number: UInt64, digits: Int, to output: UnsafeMutableBufferPointer<UInt8>, at offset: Int
  ) {
    var rest = number
    for index in (offset..<offset + digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: rest & 0xf)
      output[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      rest >>= 4
    }
  }
}
