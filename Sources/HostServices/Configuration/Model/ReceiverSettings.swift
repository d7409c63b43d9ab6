/// How spans come in.
package struct ReceiverSettings: Sendable, Equatable {
  /// One of the two servers.
  package struct Server: Sendable, Equatable {
    /// Where it listens; nil where it does not run.
    package var endpoint: ListenAddress?
    /// TLS; plain text where there is no certificate.
    package var tls = ServerTLS()

    package init(endpoint: ListenAddress?) { self.endpoint = endpoint }
  }

  /// TLS of a server; paths of PEM files, which are read again when they change.
  package struct ServerTLS: Sendable, Equatable {
    /// The certificate and those between it and a root.
    package var certificate: String?
    /// Its private key.
    package var key: String?
    /// Certificates of those who sign clients' certificates; with it, a client needs one.
    package var clientCA: String?

    package init() {}
  }

  /// OTLP/gRPC.
  package var grpc = Server(endpoint: ListenAddress(host: "127.0.0.1", port: 4317))
  /// OTLP/HTTP.
  package var http = Server(endpoint: ListenAddress(host: "127.0.0.1", port: 4318))
  /// What clients have to send as `Authorization: Bearer …`. Secret.
  package var bearerToken: String?
  /// The file that the token was read from, where it was.
  package var bearerTokenFile: String?
  /// The most bytes of one request, after it was unpacked.
  package var maxBodyBytes = 64 << 20
  /// Connections of each server at a time.
  package var maxConnections = 1024
  /// Bytes of requests that are being received or processed, in all; past it clients are asked to come again.
  package var maxInflightBytes = 256 << 20
  /// How long a connection may lie idle.
  package var idleTimeout = Duration.seconds(300)
  /// How long a client may take for the head of a request.
  package var headerTimeout = Duration.seconds(10)

  package init() {}
}
