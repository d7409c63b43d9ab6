internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// Passes whole OTLP/HTTP requests on to a backend, untouched: those of signals that the host does not process.
///
/// One attempt a request, whose answer is the client's: it is the client that tries again.
public final class SignalForwarder: Sendable {
  /// What the backend answered.
  public struct Answer: Sendable {
    /// The status of HTTP; 503 where the backend could not be reached.
    public var status: Int
    /// The body, as it came.
    public var body: [UInt8]
    /// What the backend asks to wait, in seconds, where it does.
    public var retryAfter: String?
  }

  private let client: HTTPClient
  private let base: OTLPEndpoint
  private let headers: HTTPHeaders
  private let timeout: Duration

  /// The longest answer that is read.
  private static let maximumAnswer = 1 << 20

  /// - Parameters:
  ///   - configuration: the backend, by its endpoint for traces; its protocol is one of HTTP.
  ///   - hostID: what this host is known by, for finding its own requests again.
  /// - Throws: where the endpoint is not one of OTLP/HTTP, or a certificate or key cannot be used.
  public init(_ configuration: OTLPExporterConfiguration, hostID: String) throws(ExporterConfigurationError) {
    guard configuration.transportProtocol != .grpc, configuration.endpoint.path.hasSuffix("/v1/traces") else {
      throw ExporterConfigurationError(
        .endpoint, setting: "passthrough",
        "logs and metrics are passed on to an OTLP/HTTP endpoint that ends in /v1/traces, beside which theirs stand; "
          + "\(configuration.endpoint) is none")
    }
    var settings = HTTPClient.Configuration()
    settings.httpVersion = .http1Only
    settings.redirectConfiguration = .disallow
    // What fails is the client's to try again.
    settings.connectionPool.retryConnectionEstablishment = false
    settings.tracing.tracer = nil
    settings.timeout.connect = .nanoseconds(configuration.timeout.nanoseconds)
    if configuration.endpoint.isSecure { settings.tlsConfiguration = try configuration.tls.clientConfiguration() }
    client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    var base = configuration.endpoint
    base.path.removeLast("/v1/traces".count)
    self.base = base
    timeout = configuration.timeout
    var headers = HTTPHeaders()
    headers.add(name: HostMarker.header, value: hostID)
    for field in configuration.headers.fields { headers.add(name: field.name, value: field.value) }
    self.headers = headers
  }

  /// Sends a request on.
  /// - Parameters:
  ///   - path: the signal's path, `/v1/logs`.
  ///   - contentEncoding: the coding of the body; empty for none.
  public func forward(
    _ body: [UInt8], path: String, contentType: String, contentEncoding: String
  ) async -> Answer {
    var endpoint = base
    endpoint.path += path
    var request = HTTPClientRequest(url: endpoint.url())
    request.method = .POST
    request.headers = headers
    request.headers.replaceOrAdd(name: "content-type", value: contentType)
    if !contentEncoding.isEmpty { request.headers.replaceOrAdd(name: "content-encoding", value: contentEncoding) }
    request.body = .bytes(ByteBuffer(bytes: body))
    let deadline = NIODeadline.now() + .nanoseconds(timeout.nanoseconds)
    guard let response = try? await client.execute(request, deadline: deadline),
      let answer = await response.body(upTo: Self.maximumAnswer, until: deadline)
    else { return Answer(status: 503, body: [], retryAfter: nil) }
    return Answer(
      status: Int(response.status.code), body: answer, retryAfter: response.headers.first(name: "retry-after"))
  }

  /// Closes the connections.
  public func shutdown() async { try? await client.shutdown() }
}
