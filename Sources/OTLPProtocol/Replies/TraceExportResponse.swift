internal import ProcessorHost

/// ExportTraceServiceResponse: what OTLP answers when a request was taken, at least in part.
public struct TraceExportResponse: Sendable, Equatable {
  /// How many spans were not taken; they are not to be sent again.
  public var rejectedSpans: Int
  /// Why, for people. With no rejected spans it is a warning.
  public var message: String

  /// Makes a response; without arguments, that everything was taken.
  public init(rejectedSpans: Int = 0, message: String = "") {
    self.rejectedSpans = rejectedSpans
    self.message = message
  }

  /// Whether there is nothing to tell.
  public var isFullSuccess: Bool { rejectedSpans == 0 && message.isEmpty }

  private enum Field {
    static let partialSuccess: UInt32 = 1
    static let rejectedSpans: UInt32 = 1
    static let errorMessage: UInt32 = 2
  }

  /// Reads the protobuf message. A negative number of spans is read as none.
  public init(protobuf bytes: [UInt8]) throws(OTLPProtocolError) {
    self.init()
    try ProtobufReader.read(bytes, message: "ExportTraceServiceResponse") { (field, reader) throws(OTLPProtocolError) in
      guard field.number == Field.partialSuccess, field.isLengthDelimited else { return }
      let partial = reader.bytes(field)
      try ProtobufReader.read(partial, message: "ExportTracePartialSuccess") { (field, reader) in
        switch (field.number, field.type) {
        case (Field.rejectedSpans, .varint): rejectedSpans = max(0, Int(Int64(bitPattern: field.value)))
        case (Field.errorMessage, .lengthDelimited): message = reader.text(field)
        default: break
        }
      }
    }
  }

  /// The protobuf message; no bytes at all where there is nothing to tell.
  public var protobuf: [UInt8] {
    if isFullSuccess { return [] }
    let output = WireBuffer(capacity: 128)
    output.appendMessage(Field.partialSuccess) {
      output.appendInteger(Field.rejectedSpans, Int64(rejectedSpans))
      output.appendText(Field.errorMessage, message)
    }
    return Array(output.bytes)
  }
}
