internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import NIOCore
public import OTLPExporters
public import ProcessorHost

/// Sends spans over OTLP/gRPC, as bytes: nothing is decoded. OTLP specification: OTLP/gRPC.
///
/// `shutdown` has to be called before the exporter goes.
public final class OTLPGRPCExporter: SpanExporter {
  /// The name in logs, metrics and accounts.
  public let name: String
  private let configuration: OTLPExporterConfiguration
  private let client: GRPCClient<HTTP2ClientTransport.Posix>
  /// Holds the connections; it ends with `shutdown`.
  private let connections: Task<Void, Never>
  private let metadata: Metadata
  private let peer: PeerSignature

  private static let method = MethodDescriptor(
    fullyQualifiedService: "opentelemetry.proto.collector.trace.v1.TraceService", method: "Export")

  /// - Parameters:
  ///   - configuration: where and how to send; its protocol is gRPC.
  ///   - hostID: what this host is known by, for finding its own requests again.
  /// - Throws: where a certificate, a key or a header cannot be used.
  public init(
    _ configuration: OTLPExporterConfiguration, name: String = "otlp", hostID: String
  ) throws(ExporterConfigurationError) {
    self.name = name
    self.configuration = configuration
    let peer = PeerSignature()
    self.peer = peer
    var metadata: Metadata = [:]
    metadata.addString(hostID, forKey: HostMarker.header)
    for field in configuration.headers.fields {
      if field.name.hasSuffix("-bin") {
        throw ExporterConfigurationError(
          .headers, setting: "headers", "'\(field.name)': binary headers of gRPC are not supported")
      }
      metadata.addString(field.value, forKey: field.name)
    }
    if !configuration.headers.names.contains("user-agent") {
      metadata.addString(ExporterIdentity.userAgent, forKey: "user-agent")
    }
    self.metadata = metadata
    let security = try Self.security(configuration)
    let client: GRPCClient<HTTP2ClientTransport.Posix>
    do {
      let transport = try HTTP2ClientTransport.Posix(
        target: Self.target(configuration.endpoint), transportSecurity: security,
        config: Self.transportConfiguration(configuration, peer))
      client = GRPCClient(transport: transport)
    } catch {
      throw ExporterConfigurationError(
        .endpoint, setting: "endpoint", ConnectionFailure.message(GRPCFailure.cause(error), configuration.endpoint))
    }
    self.client = client
    connections = Task { try? await client.runConnections() }
  }

  // MARK: Exporting

  /// Makes one attempt.
  public func export(_ batch: ExportBatch) async -> ExportOutcome {
    let sent = SentMark()
    var options = CallOptions.defaults
    options.timeout = configuration.timeout
    if configuration.compression == .gzip { options.compression = .gzip }
    do {
      return try await client.unary(
        request: ClientRequest(message: batch.request, metadata: metadata), descriptor: Self.method,
        serializer: RawBytesSerializer(sent: sent), deserializer: RawBytesDeserializer(), options: options
      ) { [configuration] response in
        ExportOutcome(response: try response.message, hiding: configuration.headers.fields.map(\.value))
      }
    } catch {
      return outcome(error, wasSent: sent.isSet)
    }
  }

  /// Closes the connections.
  public func shutdown() async {
    client.beginGracefulShutdown()
    // A transport that has not found the server's address yet does not hear that it is to end.
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.connections.value }
      group.addTask {
        try? await Task.sleep(for: .seconds(1))
        self.connections.cancel()
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func outcome(_ error: any Error, wasSent: Bool) -> ExportOutcome {
    let endpoint = configuration.endpoint
    let cause = GRPCFailure.cause(error)
    if !ConnectionFailure.isWithoutConnection(cause), let wrong = wrongProtocol {
      return .refused("\(endpoint.authority): \(wrong)")
    }
    if let error = error as? RPCError, wasSent, !Self.isLocal(error) {
      return GRPCAnswer(error).outcome(from: endpoint, hiding: configuration.headers.fields.map(\.value))
    }
    var message = ConnectionFailure.message(cause, endpoint)
    if (error as? RPCError)?.code == .deadlineExceeded {
      message = "\(endpoint.authority): no answer within \(configuration.timeout)"
    }
    return wasSent && !Self.isUntouched(error) ? .uncertain(message) : .retry(message)
  }

  private var wrongProtocol: String? {
    switch peer.last {
    case .http1:
      "the endpoint speaks HTTP/1, which is not gRPC; use protocol http/protobuf, or OTLP/gRPC's port 4317"
    case .tls where !configuration.endpoint.isSecure: "the endpoint speaks TLS; use https://"
    default: nil
    }
  }

  /// Whether no answer came: what the client library says then has no metadata and words of its own.
  private static func isLocal(_ error: RPCError) -> Bool {
    if error.cause != nil { return true }
    guard error.metadata.isEmpty else { return false }
    return error.message.hasPrefix("Stream unexpectedly closed") || error.message.hasPrefix("RPC timed out")
  }

  /// Whether the server has said that it did nothing with the request. RFC 9113, Request Reliability: REFUSED_STREAM.
  private static func isUntouched(_ error: any Error) -> Bool {
    (error as? RPCError)?.message.contains("received RST_STREAM frame (0x7:") ?? false
  }

  // MARK: Connecting

  private static func target(_ endpoint: OTLPEndpoint) -> any ResolvableTarget {
    // An address must not go by way of names: it would be checked as the name of the server.
    if endpoint.host.contains(":") { return .ipv6(address: endpoint.host, port: endpoint.port) }
    let numbers = endpoint.host.split(separator: ".", omittingEmptySubsequences: false)
    if numbers.count == 4, numbers.allSatisfy({ UInt8($0) != nil }) {
      return .ipv4(address: endpoint.host, port: endpoint.port)
    }
    return .dns(host: endpoint.host, port: endpoint.port)
  }

  private static func transportConfiguration(
    _ configuration: OTLPExporterConfiguration, _ peer: PeerSignature
  ) -> HTTP2ClientTransport.Posix.Config {
    .defaults { config in
      // Waiting between attempts is the queue's. While the transport waits, all attempts fail at once, so it must
      // not wait for longer than the queue does.
      config.backoff = .init(initial: .milliseconds(500), max: .seconds(2), multiplier: 1.6, jitter: 0.2)
      config.compression = .init(
        algorithm: configuration.compression == .gzip ? .gzip : .none, enabledAlgorithms: [.none, .gzip])
      if configuration.endpoint.isSecure, let serverName = configuration.tls.serverName {
        config.http2.authority = "\(serverName):\(configuration.endpoint.port)"
      }
      config.channelDebuggingCallbacks.onCreateTCPConnection = { channel in
        ConnectionTimeout.set(on: channel).flatMap { peer.listen(on: channel) }
      }
    }
  }

  private static func security(
    _ configuration: OTLPExporterConfiguration
  ) throws(ExporterConfigurationError) -> HTTP2ClientTransport.Posix.TransportSecurity {
    guard configuration.endpoint.isSecure else { return .plaintext }
    // Says what is wrong with a file, which the transport does not.
    _ = try configuration.tls.clientConfiguration()
    return .tls { tls in
      if let file = configuration.tls.certificateAuthorityFile {
        tls.trustRoots = .certificates([.file(path: file, format: .pem)])
      }
      if let certificate = configuration.tls.clientCertificateFile, let key = configuration.tls.clientKeyFile {
        tls.certificateChain = [.file(path: certificate, format: .pem)]
        tls.privateKey = .file(path: key, format: .pem)
      }
    }
  }
}
