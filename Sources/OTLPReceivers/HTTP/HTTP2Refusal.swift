internal import NIOCore

/// What an HTTP/2 client is told that has come to an HTTP/1 port (RFC 9113).
enum HTTP2Refusal {
  private static let message = "this port takes OTLP/HTTP; OTLP/gRPC has a port of its own, 4317 by default"

  /// Whether the first bytes of a connection are those of HTTP/2's preface. No HTTP/1 method begins so.
  static func isPreface(_ bytes: ByteBuffer) -> Bool {
    bytes.readableBytesView.starts(with: "PRI * HTTP/2".utf8)
  }

  /// Empty settings, which have to come first, and a GOAWAY that asks for HTTP/1.1, with the reason as its debug data.
  static var frames: [UInt8] {
    let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]
    let lastStream: [UInt8] = [0, 0, 0, 0]
    let http11Required: [UInt8] = [0, 0, 0, 0xD]
    let payload = lastStream + http11Required + Array(message.utf8)
    return settings + [0, 0, UInt8(payload.count), 7, 0, 0, 0, 0, 0] + payload
  }
}
