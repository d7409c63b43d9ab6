package import NIOCore
internal import NIOSSL
internal import Synchronization

/// What the first bytes of a connection say that a server speaks, where it is not what the exporter speaks.
package enum PeerProtocol: Sendable, Equatable {
  case http1
  case http2
  case tls

  init?(_ first: ByteBufferView) {
    if first.starts(with: "HTTP/1.".utf8) {
      self = .http1
    } else if first.count >= 9, Self.isFrameOfConnection(first.prefix(9)) {
      self = .http2
    } else if first.count >= 3, first.starts(with: [0x15, 0x03]) {
      // An alert: the first thing that a TLS server says to somebody who has not begun a handshake.
      self = .tls
    } else {
      return nil
    }
  }

  /// RFC 9113, Frame Format: a length of 24 bits, SETTINGS or GOAWAY, flags, and the stream 0.
  private static func isFrameOfConnection(_ header: ByteBufferView) -> Bool {
    let bytes = Array(header)
    return bytes[0] == 0 && (bytes[3] == 4 || bytes[3] == 7) && bytes[5...8].allSatisfy { $0 == 0 }
  }
}

/// Remembers what the server of an exporter was last heard to speak.
package final class PeerSignature: Sendable {
  private let heard = Mutex<PeerProtocol?>(nil)

  package init() {}

  package var last: PeerProtocol? { heard.withLock { $0 } }

  /// Listens to the first bytes of a new connection, where they are decrypted.
  package func listen(on channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      let listener = Listener(self)
      if let tls = try? pipeline.handler(type: NIOSSLClientHandler.self) {
        try pipeline.addHandler(listener, position: .after(tls))
      } else {
        try pipeline.addHandler(listener, position: .first)
      }
    }
  }

  private func hear(_ first: ByteBufferView) {
    let found = PeerProtocol(first)
    heard.withLock { $0 = found }
  }

  private final class Listener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let signature: PeerSignature
    private var first = ByteBuffer()
    private var isDone = false

    init(_ signature: PeerSignature) { self.signature = signature }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if !isDone {
        var buffer = Self.unwrapInboundIn(data)
        first.writeBuffer(&buffer)
        isDone = first.readableBytes >= 9
        signature.hear(first.readableBytesView)
      }
      context.fireChannelRead(data)
    }
  }
}
