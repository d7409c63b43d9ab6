/// Writes protobuf fields for expectations, apart from the code under test.
enum Proto {
  static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  static func integer(_ number: UInt64, _ value: UInt64) -> [UInt8] { varint(number << 3) + varint(value) }

  static func signed(_ number: UInt64, _ value: Int64) -> [UInt8] { integer(number, UInt64(bitPattern: value)) }

  static func fixed64(_ number: UInt64, _ value: UInt64) -> [UInt8] {
    varint(number << 3 | 1) + (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  static func fixed32(_ number: UInt64, _ value: UInt32) -> [UInt8] {
    varint(number << 3 | 5) + (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  static func double(_ number: UInt64, _ value: Double) -> [UInt8] { fixed64(number, value.bitPattern) }

  static func bytes(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(content.count)) + content
  }

  static func string(_ number: UInt64, _ text: String) -> [UInt8] { bytes(number, Array(text.utf8)) }

  /// A request with these spans in one scope.
  static func request(spans: [[UInt8]]) -> [UInt8] { bytes(1, bytes(2, spans.flatMap { bytes(2, $0) })) }

  static func request(_ span: [UInt8]) -> [UInt8] { request(spans: [span]) }

  /// A request with one span that has one attribute, "k", with this AnyValue.
  static func request(value: [UInt8]) -> [UInt8] { request(bytes(9, string(1, "k") + bytes(2, value))) }
}
