import GRPCCore
import GRPCNIOTransportHTTP2Posix
import OTLPProtocol

/// One OTLP/gRPC request as a test makes it, and the answer to it.
struct GRPCCall {
  var service = "opentelemetry.proto.collector.trace.v1.TraceService"
  var method = "Export"
  var metadata: Metadata = [:]
  var compression: CompressionAlgorithm?
  var body: [UInt8] = []
  var timeout = Duration.seconds(30)

  /// What came back.
  struct Answer {
    var code: Int
    var message: String
    var body: [UInt8]
    var trailers: Metadata

    /// The status in the details.
    var details: RPCStatus? {
      trailers[binaryValues: "grpc-status-details-bin"].first { _ in true }.flatMap { try? RPCStatus(protobuf: $0) }
    }

    /// The RetryInfo that older SDKs read.
    var retryInfo: RetryInfo? {
      trailers[binaryValues: "google.rpc.retryinfo-bin"].first { _ in true }.flatMap { try? RetryInfo(protobuf: $0) }
    }
  }

  func send(over client: GRPCClient<HTTP2ClientTransport.Posix>) async -> Answer {
    var options = CallOptions.defaults
    options.compression = compression
    options.timeout = timeout
    // A peer that can not be reached is an answer too.
    options.waitForReady = false
    options.maxRequestMessageBytes = 128 << 20
    let descriptor = MethodDescriptor(fullyQualifiedService: service, method: method)
    do {
      return try await client.unary(
        request: ClientRequest(message: body, metadata: metadata), descriptor: descriptor, serializer: RawBytes(),
        deserializer: RawBytes(), options: options
      ) { response in
        switch response.accepted {
        case .success(let contents):
          let body = try contents.message.get()
          return Answer(code: 0, message: "", body: body, trailers: contents.trailingMetadata)
        case .failure(let error):
          return Answer(code: error.code.rawValue, message: error.message, body: [], trailers: error.metadata)
        }
      }
    } catch let error as RPCError {
      return Answer(code: error.code.rawValue, message: error.message, body: [], trailers: error.metadata)
    } catch {
      return Answer(code: -1, message: "\(error)", body: [], trailers: [:])
    }
  }

  func send(to receiver: RunningReceiver) async throws -> Answer {
    try await withClient(receiver) { await send(over: $0) }
  }
}

/// A client for as long as `body` runs.
func withClient<Result: Sendable>(
  _ receiver: RunningReceiver, security: HTTP2ClientTransport.Posix.TransportSecurity = .plaintext,
  _ body: (GRPCClient<HTTP2ClientTransport.Posix>) async throws -> Result
) async throws -> Result {
  let transport = try HTTP2ClientTransport.Posix(
    target: .ipv4(address: "127.0.0.1", port: receiver.port), transportSecurity: security,
    config: .defaults { config in
      config.compression.enabledAlgorithms = .all
      config.http2.authority = "localhost"
    })
  return try await withGRPCClient(transport: transport) { try await body($0) }
}

private struct RawBytes: MessageSerializer, MessageDeserializer {
  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

  func deserialize(_ serializedMessageBytes: some GRPCContiguousBytes) throws -> [UInt8] {
    serializedMessageBytes.withUnsafeBytes { Array($0) }
  }
}
