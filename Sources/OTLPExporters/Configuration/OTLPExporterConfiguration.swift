/// How to reach an OTLP backend. OpenTelemetry specification: OpenTelemetry Protocol Exporter.
public struct OTLPExporterConfiguration: Sendable, Equatable {
  /// How requests travel. OTEL_EXPORTER_OTLP_PROTOCOL, `http/protobuf`.
  public enum TransportProtocol: String, Sendable, CaseIterable {
    /// OTLP/gRPC.
    case grpc
    /// OTLP/HTTP with binary protobuf.
    case httpProtobuf = "http/protobuf"
    /// OTLP/HTTP with JSON.
    case httpJSON = "http/json"
  }

  /// How bodies are compressed. OTEL_EXPORTER_OTLP_COMPRESSION, `none`.
  public enum Compression: String, Sendable, CaseIterable {
    /// Not at all.
    case none
    /// With gzip.
    case gzip
  }

  /// Files and names for encrypted connections, all in PEM.
  public struct TLS: Sendable, Equatable {
    /// Certificates to trust instead of the system's. OTEL_EXPORTER_OTLP_CERTIFICATE.
    public var certificateAuthorityFile: String?
    /// The certificate, and those that vouch for it, to show to the server. OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE.
    public var clientCertificateFile: String?
    /// The key of that certificate. OTEL_EXPORTER_OTLP_CLIENT_KEY.
    public var clientKeyFile: String?
    /// The name that the server's certificate must have, where it is not the endpoint's host.
    public var serverName: String?

    /// The system's certificates, the endpoint's name, and no certificate to show.
    public init() {}
  }

  /// Where to send to. For OTLP/HTTP the address of the traces, with its path.
  public var endpoint: OTLPEndpoint
  /// How requests travel.
  public var transportProtocol: TransportProtocol
  /// Headers that go with every request.
  public var headers: OTLPHeaders
  /// How bodies are compressed.
  public var compression: Compression
  /// How long one attempt may take. OTEL_EXPORTER_OTLP_TIMEOUT, 10 s.
  public var timeout: Duration
  /// Files and names for encrypted connections.
  public var tls: TLS

  /// A configuration; what is not given is as the specification has it.
  public init(
    endpoint: OTLPEndpoint, transportProtocol: TransportProtocol = .httpProtobuf, headers: OTLPHeaders = OTLPHeaders(),
    compression: Compression = .none, timeout: Duration = .seconds(10), tls: TLS = TLS()
  ) {
    self.endpoint = endpoint
    self.transportProtocol = transportProtocol
    self.headers = headers
    self.compression = compression
    self.timeout = timeout
    self.tls = tls
  }

  /// What looks like an oversight, as sentences for a log. Nothing here keeps the exporter from being made.
  public var hints: [String] {
    var hints: [String] = []
    if endpoint.port == 4317, transportProtocol != .grpc {
      hints.append(
        "\(endpoint): port 4317 is OTLP/gRPC's; set OTEL_EXPORTER_OTLP_PROTOCOL=grpc, or send to port 4318")
    }
    if endpoint.port == 4318, transportProtocol == .grpc {
      hints.append(
        "\(endpoint): port 4318 is OTLP/HTTP's; set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or send to port 4317")
    }
    if transportProtocol == .grpc, !endpoint.path.isEmpty, endpoint.path != "/" {
      hints.append("\(endpoint): OTLP/gRPC has no path; '\(endpoint.path)' is not used")
    }
    if !endpoint.isSecure, tls != TLS() {
      hints.append("\(endpoint): certificates are set, but an http:// endpoint is not encrypted; they are not used")
    }
    return hints
  }
}

extension OTLPExporterConfiguration: CustomStringConvertible {
  /// The endpoint, the protocol and the names of the headers.
  public var description: String {
    var text = "\(transportProtocol.rawValue) to \(endpoint)"
    if compression != .none { text += ", \(compression.rawValue)" }
    if !headers.isEmpty { text += ", headers \(headers)" }
    return text
  }
}
