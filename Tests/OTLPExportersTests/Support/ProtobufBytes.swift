/// Messages of protobuf, byte by byte.
enum ProtobufBytes {
  static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  static func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  static func field(_ number: UInt64, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

  static func field(_ number: UInt64, varint value: UInt64) -> [UInt8] { varint(number << 3) + varint(value) }

  /// An ExportTraceServiceResponse.
  static func response(rejected: UInt64, _ message: String) -> [UInt8] {
    field(1, field(1, varint: rejected) + field(2, message))
  }

  /// A google.rpc.Status, with RetryInfo where a wait is given.
  static func status(_ message: String, retryAfterSeconds seconds: UInt64? = nil) -> [UInt8] {
    var details: [UInt8] = []
    if let seconds {
      let info = field(1, field(1, varint: seconds))
      details = field(3, field(1, "type.googleapis.com/google.rpc.RetryInfo") + field(2, info))
    }
    return field(1, varint: 8) + field(2, message) + details
  }
}
