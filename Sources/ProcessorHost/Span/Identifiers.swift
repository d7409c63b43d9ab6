/// The id of a trace: 16 bytes.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
  /// The first eight bytes, big-endian.
  public var high: UInt64
  /// The last eight bytes, big-endian.
  public var low: UInt64

  /// An id of these two halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// 32 lower-case hexadecimal digits.
  public var description: String { hexadecimal(high) + hexadecimal(low) }
}

/// The id of a span: 8 bytes.
public struct SpanID: Sendable, Hashable, CustomStringConvertible {
  /// The bytes, big-endian.
  public var value: UInt64

  /// An id of these eight bytes.
  public init(_ value: UInt64) { self.value = value }

  /// 16 lower-case hexadecimal digits.
  public var description: String { hexadecimal(value) }
}

private func hexadecimal(_ value: UInt64) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
