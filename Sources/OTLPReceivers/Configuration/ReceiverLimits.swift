/// How much a receiver holds at a time, and how long it waits.
public struct ReceiverLimits: Sendable, Equatable {
  /// The most bytes of one body, compressed or not. Default: 64 MiB.
  public var bodyBytes = 64 << 20
  /// How many bytes may come out of each byte of a compressed body; it counts beyond the first MiB. Default: 200.
  public var expansionRatio = 200
  /// How many connections are served at a time; more wait in the system's queue. Default: 1024.
  public var connections = 1024
  /// How many requests one gRPC connection may have under way. Default: 256.
  public var streamsPerConnection = 256
  /// How long the header of an HTTP request may take from its first byte on. Default: 10 s.
  public var headerTimeout = Duration.seconds(10)
  /// How long a request may take from its header to the end of its body. Default: 30 s.
  public var bodyTimeout = Duration.seconds(30)
  /// How long a connection stays open between requests. Default: 180 s, above the usual interval of exporters: closing
  /// at the moment of a request costs the client a retry.
  public var idleTimeout = Duration.seconds(180)
  /// How long a client is asked to wait where the receiver itself has no room. Default: 1 s.
  public var retryAfter = Duration.seconds(1)

  /// The defaults.
  public init() {}
}
