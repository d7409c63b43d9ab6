public import OTLPProtocol

/// Passes on a request of a signal that this host does not process, and answers it.
public typealias Passthrough = @Sendable (PassthroughRequest) async -> PassthroughAnswer

/// A request that is passed on.
public struct PassthroughRequest: Sendable {
  /// What it carries.
  public var signal: OTLPSignal
  /// How it came.
  public var transport: ReceiverTransport
  /// The media type of the body: `application/x-protobuf` or `application/json`.
  public var contentType: String
  /// The content coding of the body, empty for none. Bodies that came over gRPC are decompressed.
  public var contentEncoding: String
  /// The body, untouched.
  public var body: [UInt8]
}

/// How a request that was passed on is answered.
public enum PassthroughAnswer: Sendable {
  /// It was taken. The body is the signal's export response, in the media type of the request; empty protobuf for
  /// full success.
  case taken([UInt8])
  /// It was not taken.
  case refused(RPCStatus)
}
