internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import OTLPProtocol
public import ProcessorHost

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Sends spans over OTLP/HTTP, with HTTP/1.1 and connections that stay open. OTLP specification: OTLP/HTTP.
///
/// `shutdown` has to be called before the exporter goes.
public final class OTLPHTTPExporter: SpanExporter {
  /// The name in logs, metrics and accounts.
  public let name: String
  private let configuration: OTLPExporterConfiguration
  private let client: HTTPClient
  private let url: String
  private let headers: HTTPHeaders
  private let peer: PeerSignature

  /// The longest answer that is read.
  private static let maximumAnswer = 64 << 10

  /// - Parameters:
  ///   - configuration: where and how to send; its protocol is one of HTTP.
  ///   - hostID: what this host is known by, for finding its own requests again.
  /// - Throws: where a certificate or key cannot be used.
  public init(
    _ configuration: OTLPExporterConfiguration, name: String = "otlp", hostID: String
  ) throws(ExporterConfigurationError) {
    self.name = name
    self.configuration = configuration
    let endpoint = configuration.endpoint
    let peer = PeerSignature()
    var settings = HTTPClient.Configuration()
    settings.httpVersion = .http1Only
    settings.redirectConfiguration = .disallow
    // Waiting and trying again are the queue's.
    settings.connectionPool.retryConnectionEstablishment = false
    settings.timeout.connect = .nanoseconds(configuration.timeout.nanoseconds)
    // The host exports spans; it must not make new ones by doing so.
    settings.tracing.tracer = nil
    settings.http1_1ConnectionDebugInitializer = { peer.listen(on: $0) }
    var urlHost: String?
    if endpoint.isSecure {
      settings.tlsConfiguration = try configuration.tls.clientConfiguration()
      if let serverName = configuration.tls.serverName, serverName != endpoint.host {
        settings.dnsOverride = [serverName: endpoint.host]
        urlHost = serverName
      }
    }
    client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    url = endpoint.url(host: urlHost)
    self.peer = peer
    headers = Self.headers(configuration, hostID)
  }

  private static func headers(_ configuration: OTLPExporterConfiguration, _ hostID: String) -> HTTPHeaders {
    var headers = HTTPHeaders()
    let isJSON = configuration.transportProtocol == .httpJSON
    headers.add(name: "content-type", value: isJSON ? "application/json" : "application/x-protobuf")
    if configuration.compression == .gzip { headers.add(name: "content-encoding", value: "gzip") }
    headers.add(name: HostMarker.header, value: hostID)
    for field in configuration.headers.fields { headers.add(name: field.name, value: field.value) }
    if !headers.contains(name: "user-agent") { headers.add(name: "user-agent", value: ExporterIdentity.userAgent) }
    return headers
  }

  /// Makes one attempt.
  public func export(_ batch: ExportBatch) async -> ExportOutcome {
    let sent = SentMark()
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers = headers
    do {
      let body = ByteBuffer(bytes: try encoded(batch.request))
      request.body = .stream(MarkedBody(body, sent), length: .known(Int64(body.readableBytes)))
    } catch {
      return .retry("the request cannot be compressed: \(error)")
    }
    let deadline = NIODeadline.now() + .nanoseconds(configuration.timeout.nanoseconds)
    do {
      let response = try await client.execute(request, deadline: deadline)
      var answer = HTTPAnswer(status: Int(response.status.code))
      answer.contentType = response.headers.first(name: "content-type")?.lowercased() ?? ""
      answer.retryAfter = response.headers.first(name: "retry-after")
      answer.date = response.headers.first(name: "date")
      answer.body = await response.body(upTo: Self.maximumAnswer, until: deadline)
      return answer.outcome(
        from: configuration.endpoint, hiding: configuration.headers.fields.map(\.value), now: time(nil))
    } catch {
      return failure(error, wasSent: sent.isSet)
    }
  }

  /// Closes the connections.
  public func shutdown() async { try? await client.shutdown() }

  private func encoded(_ request: [UInt8]) throws -> [UInt8] {
    var body = request
    if configuration.transportProtocol == .httpJSON {
      let output = WireBuffer(capacity: request.count * 2 + 64)
      request.withUnsafeBufferPointer { _ = OTLPJSONWriter.write($0, to: output) }
      body = Array(output.bytes)
    }
    return configuration.compression == .gzip ? try GzipCompressor.compress(body) : body
  }

  private func failure(_ error: any Error, wasSent: Bool) -> ExportOutcome {
    let endpoint = configuration.endpoint
    switch ConnectionFailure.isWithoutConnection(error) ? nil : peer.last {
    case .http2:
      return .refused(
        "\(endpoint.authority): the endpoint speaks gRPC (HTTP/2); use protocol grpc, or OTLP/HTTP's port 4318")
    case .tls where !endpoint.isSecure:
      return .refused("\(endpoint.authority): the endpoint speaks TLS; use https://")
    default: break
    }
    var message = ConnectionFailure.message(error, endpoint)
    if let error = error as? HTTPClientError, error == .deadlineExceeded || error == .connectTimeout {
      message = "\(endpoint.authority): no answer within \(configuration.timeout)"
    }
    return wasSent ? .uncertain(message) : .retry(message)
  }
}

/// A body that tells when a connection asks for it.
private struct MarkedBody: AsyncSequence, Sendable {
  let body: ByteBuffer
  let sent: SentMark

  init(_ body: ByteBuffer, _ sent: SentMark) {
    self.body = body
    self.sent = sent
  }

  struct AsyncIterator: AsyncIteratorProtocol {
    var rest: ByteBuffer?
    let sent: SentMark

    mutating func next() async -> ByteBuffer? {
      sent.set()
      return rest.take()
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: body, sent: sent) }
}
