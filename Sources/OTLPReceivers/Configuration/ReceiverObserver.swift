/// How a request came.
public enum ReceiverTransport: String, Sendable, Hashable {
  /// OTLP/HTTP.
  case http
  /// OTLP/gRPC.
  case grpc
}

/// Told of every request; metrics listen. Called from several tasks at a time, and should be quick.
public protocol ReceiverObserver: Sendable {
  /// A request was answered, or given up.
  func received(_ request: ReceivedRequest)
}

/// A request and what became of it.
public struct ReceivedRequest: Sendable, Equatable {
  /// What became of a request.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// Taken.
    case accepted
    /// Taken but for some spans.
    case partial
    /// Nothing of it could be read.
    case malformed
    /// No room in the queue.
    case full
    /// No room for its body.
    case crowded
    /// The host is ending.
    case closing
    /// Too large, as it was sent or decompressed.
    case tooLarge = "too_large"
    /// Without the right token.
    case unauthorized
    /// It carried this host's own marker.
    case loop
    /// Not a request that this host takes: path, method, media type, coding, signal.
    case unsupported
    /// Passed on.
    case passedOn = "passed_on"
    /// It did not arrive whole: too slow, or cut off.
    case incomplete
  }

  /// How it came.
  public var transport: ReceiverTransport
  /// What became of it.
  public var outcome: Outcome
  /// The bytes of the body that were received, compressed.
  public var receivedBytes: Int
  /// The bytes of the body, decompressed.
  public var bytes: Int
  /// From the end of the request's header to the answer.
  public var duration: Duration

  /// Makes an event.
  public init(
    transport: ReceiverTransport, outcome: Outcome, receivedBytes: Int, bytes: Int, duration: Duration
  ) {
    self.transport = transport
    self.outcome = outcome
    self.receivedBytes = receivedBytes
    self.bytes = bytes
    self.duration = duration
  }
}

/// Listens to nothing.
public struct SilentReceiverObserver: ReceiverObserver {
  /// An observer that does nothing.
  public init() {}

  /// Does nothing.
  public func received(_ request: ReceivedRequest) {}
}
