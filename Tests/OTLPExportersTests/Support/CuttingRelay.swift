internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Passes bytes on to a server on loopback, until it is told to cut its connections.
final class CuttingRelay: Sendable {
  private let group = MultiThreadedEventLoopGroup.singleton
  private let listener = Mutex<(any Channel)?>(nil)
  private let connections = Mutex<[any Channel]>([])

  init() async throws {}

  var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }

  func start(to port: Int) async throws {
    let channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { incoming in
        ClientBootstrap(group: incoming.eventLoop).connect(host: "127.0.0.1", port: port).flatMapThrowing { outgoing in
          self.connections.withLock { $0 += [incoming, outgoing] }
          try incoming.pipeline.syncOperations.addHandler(Forwarder(to: outgoing))
          try outgoing.pipeline.syncOperations.addHandler(Forwarder(to: incoming))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    listener.withLock { $0 = channel }
  }

  /// Closes all connections at both ends.
  func cut() async {
    for channel in connections.withLock({ $0 }) { try? await channel.close() }
  }

  func stop() async {
    await cut()
    try? await listener.withLock { $0 }?.close()
  }

  private final class Forwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel

    init(to other: any Channel) { self.other = other }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      other.writeAndFlush(Self.unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
  }
}
