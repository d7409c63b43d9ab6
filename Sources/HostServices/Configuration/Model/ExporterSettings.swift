/// One exporter.
package struct ExporterSettings: Sendable, Equatable {
  /// What spans are sent to, and how.
  package enum Kind: String, Sendable, CaseIterable {
    /// OTLP over HTTP, protobuf.
    case otlpHTTP = "otlp-http"
    /// OTLP over gRPC.
    case otlpGRPC = "otlp-grpc"
    /// Sentry's OTLP endpoint, by a DSN.
    case sentry
    /// Traces as trees, on standard output.
    case console
    /// OTLP JSON lines in a file.
    case file

    /// Whether it is one of the two transports of OTLP, or made of one.
    package var isOTLP: Bool { self == .otlpHTTP || self == .otlpGRPC || self == .sentry }
  }

  /// How requests are packed.
  package enum Compression: String, Sendable, CaseIterable {
    case none, gzip
  }

  /// How spans are written in requests of OTLP/HTTP.
  package enum Encoding: String, Sendable, CaseIterable {
    case protobuf, json
  }

  /// TLS of a client; paths of PEM files.
  package struct ClientTLS: Sendable, Equatable {
    /// Certificates that the backend's has to be signed by; nil are the system's.
    package var certificate: String?
    /// The client's certificate.
    package var clientCertificate: String?
    /// Its private key.
    package var clientKey: String?

    package init() {}
  }

  /// How a batch that failed is tried again.
  package struct Retry: Sendable, Equatable {
    /// The longest wait before the second attempt.
    package var initialInterval = Duration.seconds(5)
    /// What each further wait is longer by.
    package var multiplier = 2.0
    /// The longest wait between two attempts.
    package var maxInterval = Duration.seconds(30)
    /// How long a batch is tried.
    package var maxElapsed = Duration.seconds(300)

    package init() {}
  }

  /// When a file is put aside for a new one.
  package struct Rotation: Sendable, Equatable {
    /// Bytes from which on a new file begins.
    package var maxBytes = 100 << 20
    /// Files that are kept beside the one that is written.
    package var maxFiles = 5

    package init() {}
  }

  /// What spans are sent to.
  package var kind: Kind
  /// What logs and metrics call it; no other exporter has the name.
  package var name: String
  /// Whether clients are pushed back while it cannot take more; otherwise what it cannot take is lost and counted. OTLP
  /// does, unless it is said.
  package var isRequired: Bool
  /// Where requests go, a whole URL: `https://otlp.example.com:4318/v1/traces`, and for gRPC without a path.
  package var endpoint: String?
  /// Sentry's DSN. Secret.
  package var dsn: String?
  /// Headers of each request, or metadata of each call. Their values are secret.
  package var headers: [String: String] = [:]
  /// How spans are written in requests of OTLP/HTTP.
  package var encoding = Encoding.protobuf
  /// How requests are packed.
  package var compression = Compression.none
  /// How long one request may take.
  package var timeout = Duration.seconds(10)
  /// TLS, where the endpoint is one of https.
  package var tls = ClientTLS()
  /// How a batch that failed is tried again.
  package var retry = Retry()
  /// The file that is written.
  package var path: String?
  /// When it is put aside.
  package var rotation = Rotation()

  package init(_ kind: Kind, name: String) {
    self.kind = kind
    self.name = name
    isRequired = kind.isOTLP
  }
}
