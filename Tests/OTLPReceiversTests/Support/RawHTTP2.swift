import OTLPReceivers

/// The bytes of an HTTP/2 connection with gRPC requests on it, written by hand so that they can be wrong (RFC 9113).
enum RawHTTP2 {
  /// The preface, and empty settings.
  static let opening = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(type: 4, flags: 0, stream: 0, [])

  static let path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

  /// A request: its header, its message with the prefix of gRPC, and the end of the stream.
  static func request(stream: Int, encoding: String? = nil, body: [UInt8]) -> [UInt8] {
    frame(type: 1, flags: 4, stream: stream, header(encoding)) + frame(type: 0, flags: 1, stream: stream, body)
  }

  /// A message with its prefix.
  static func message(_ bytes: [UInt8], isCompressed: Bool = false, length: Int? = nil) -> [UInt8] {
    let length = length ?? bytes.count
    return [isCompressed ? 1 : 0] + bigEndian(length) + bytes
  }

  static func frame(type: UInt8, flags: UInt8, stream: Int, _ payload: [UInt8]) -> [UInt8] {
    Array(bigEndian(payload.count).dropFirst()) + [type, flags] + bigEndian(stream) + payload
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// Literal fields without indexing and without Huffman coding (RFC 7541, 6.2.2).
  private static func header(_ encoding: String?) -> [UInt8] {
    var fields = [
      (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"),
      ("content-type", "application/grpc"), ("te", "trailers"),
    ]
    if let encoding { fields.append(("grpc-encoding", encoding)) }
    var bytes: [UInt8] = []
    for (name, value) in fields {
      bytes.append(0)
      for text in [name, value] {
        bytes.append(UInt8(text.utf8.count))
        bytes += text.utf8
      }
    }
    return bytes
  }
}
