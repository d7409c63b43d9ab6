/// What a receiver listens on, and what it lets in.
public struct ReceiverConfiguration: Sendable {
  /// The address to listen on. Default: `127.0.0.1`, for the apps beside this host; `0.0.0.0` is for everybody.
  public var host: String
  /// The port to listen on. OTLP has 4317 for gRPC and 4318 for HTTP; 0 is one that the system chooses.
  public var port: Int
  /// How much and how long. Default: see ``ReceiverLimits``.
  public var limits: ReceiverLimits
  /// The certificate to show, and whose clients to let in; nil for connections in clear text. Default: nil.
  public var tls: ReceiverTLS?
  /// What requests have to carry as `authorization: Bearer …`; nil lets everybody in. Default: nil.
  public var bearerToken: BearerToken?
  /// What this host's own exporters send as `x-processor-host-id`. A request that carries it has come back, and is
  /// refused. Default: nil, which looks for nothing.
  public var ownMarker: String?
  /// Where requests of other signals are passed on, untouched. Default: nowhere; they are refused.
  public var passthrough: [OTLPSignal: Passthrough]

  /// Makes a configuration; see ``http`` and ``grpc`` for the ports that OTLP has.
  public init(host: String = "127.0.0.1", port: Int) {
    self.host = host
    self.port = port
    self.limits = ReceiverLimits()
    self.passthrough = [:]
  }

  /// OTLP/HTTP on 127.0.0.1:4318.
  public static var http: ReceiverConfiguration { ReceiverConfiguration(port: 4318) }

  /// OTLP/gRPC on 127.0.0.1:4317.
  public static var grpc: ReceiverConfiguration { ReceiverConfiguration(port: 4317) }

  /// The header, and the key of gRPC metadata, of ``ownMarker``.
  public static let markerName = "x-processor-host-id"
}
