internal import ProcessorHost

/// google.rpc.Status: how OTLP says why a request was not taken.
///
/// Of its details RetryInfo alone is kept, the one that OTLP gives a meaning.
public struct RPCStatus: Sendable, Equatable {
  /// What kind of answer this is.
  public var code: RPCCode
  /// What happened, for people.
  public var message: String
  /// How long the server asks to wait before the same is sent again, in a RetryInfo; nil without one. Zero where there
  /// is a RetryInfo that names no time.
  public var retryAfter: Duration?

  /// Makes a status.
  public init(code: RPCCode, message: String, retryAfter: Duration? = nil) {
    self.code = code
    self.message = message
    self.retryAfter = retryAfter
  }

  enum Field {
    static let code: UInt32 = 1
    static let message: UInt32 = 2
    static let details: UInt32 = 3
  }

  /// Reads the protobuf message. Codes that gRPC does not know are read as `unknown`; other details are passed over.
  public init(protobuf bytes: [UInt8]) throws(OTLPProtocolError) {
    self.init(code: .ok, message: "")
    try ProtobufReader.read(bytes, message: "google.rpc.Status") { (field, reader) throws(OTLPProtocolError) in
      switch (field.number, field.type) {
      case (Field.code, .varint):
        code = RPCCode(rawValue: Int(Int32(truncatingIfNeeded: field.value))) ?? .unknown
      case (Field.message, .lengthDelimited): message = reader.text(field)
      case (Field.details, .lengthDelimited):
        if let info = try RetryInfo(any: reader, field) { retryAfter = info.delay }
      default: break
      }
    }
  }

  /// The protobuf message.
  public var protobuf: [UInt8] {
    let output = WireBuffer(capacity: 256)
    if code != .ok {
      output.appendTag(Field.code, .varint)
      output.appendVarint(UInt64(code.rawValue))
    }
    output.appendText(Field.message, message)
    if let retryAfter {
      output.appendMessage(Field.details) { RetryInfo(delay: retryAfter).appendAny(to: output) }
    }
    return Array(output.bytes)
  }
}
