import NIOCore
import NIOPosix

/// A connection over which a test sends bytes of its own making.
struct RawConnection {
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private(set) var received: [UInt8] = []

  /// Connects, and closes after `body`.
  static func open<Result: Sendable>(
    _ port: Int, _ body: @Sendable (inout RawConnection) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel,
            configuration: NIOAsyncChannel.Configuration(isOutboundHalfClosureEnabled: true))
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var connection = RawConnection(outbound: outbound, inbound: inbound.makeAsyncIterator())
      return try await body(&connection)
    }
  }

  func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

  func send(_ bytes: [UInt8]) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

  /// Sends nothing more.
  func finish() { outbound.finish() }

  /// What was received, as text, once it holds something.
  mutating func text(until part: String) async throws -> String {
    while true {
      let text = String(decoding: received, as: UTF8.self)
      if text.contains(part) { return text }
      guard let more = try await inbound.next() else { throw EndOfConnection(received: text) }
      received += more.readableBytesView
    }
  }

  /// All that was received, once the other side has closed.
  mutating func textUntilClosed() async throws -> String {
    do {
      while let more = try await inbound.next() { received += more.readableBytesView }
    } catch is IOError {
      // Closed with bytes under way.
    }
    return String(decoding: received, as: UTF8.self)
  }

  /// Forgets what was received.
  mutating func forget() { received = [] }

  struct EndOfConnection: Error {
    var received: String
  }
}
