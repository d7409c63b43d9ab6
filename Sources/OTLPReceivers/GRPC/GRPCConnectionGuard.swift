internal import Logging
internal import NIOCore
internal import NIOSSL

/// Looks at the first bytes of a connection: answers HTTP/1 as what it is, and closes where none come, or no more.
///
/// The transport has an idle time too, but closes with a farewell that the client has to acknowledge, and one that does
/// not keeps its connection. The transport sends HTTP/2's settings as soon as it has a connection, which an HTTP/1 client can not read. They are
/// held back until the client has shown what it speaks.
final class GRPCConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// What a connection begins with that is not HTTP/2.
  private enum Stranger {
    case http1
    case tls
  }

  private let gatekeeper: Gatekeeper
  private var timer: Scheduled<Void>?
  private var deadline = NIODeadline.distantFuture
  private var hasBegun = false
  private var isEnding = false
  private var heldBack: [(data: NIOAny, promise: EventLoopPromise<Void>?)] = []

  private init(_ gatekeeper: Gatekeeper) { self.gatekeeper = gatekeeper }

  /// Adds one to a connection, behind TLS, if there is any.
  static func add(to channel: any Channel, _ gatekeeper: Gatekeeper) throws {
    let pipeline = channel.pipeline.syncOperations
    let own = GRPCConnectionGuard(gatekeeper)
    if let tls = try? pipeline.handler(type: NIOSSLServerHandler.self) {
      try pipeline.addHandler(own, position: .after(tls))
    } else {
      try pipeline.addHandler(own, position: .first)
    }
  }

  func handlerAdded(context: ChannelHandlerContext) {
    deadline = .now() + TimeAmount(gatekeeper.limits.headerTimeout)
    schedule(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    dropHeldBack()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if hasBegun { context.write(data, promise: promise) } else { heldBack.append((data, promise)) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Somewhat later than the transport, which says farewell.
    if !isEnding { deadline = .now() + TimeAmount(gatekeeper.limits.idleTimeout + gatekeeper.limits.headerTimeout) }
    if hasBegun {
      context.fireChannelRead(data)
      return
    }
    hasBegun = true
    switch Self.stranger(unwrapInboundIn(data)) {
    case .http1:
      gatekeeper.reportStranger(
        "HTTP/1 came to the port of OTLP/gRPC; set the client's OTEL_EXPORTER_OTLP_PROTOCOL to grpc, or its "
          + "endpoint to the port of OTLP/HTTP", from: context.channel)
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: Self.answer)), promise: nil)
      context.close(promise: nil)
    case .tls:
      gatekeeper.reportStranger(
        "TLS came to the port of OTLP/gRPC, which is in clear text; give the receiver a certificate, or the "
          + "client's endpoint http:// in place of https://", from: context.channel)
      context.close(promise: nil)
    case nil:
      for (data, promise) in heldBack { context.write(data, promise: promise) }
      heldBack = []
      context.flush()
      context.fireChannelRead(data)
    }
  }

  /// The host is ending. The transport says farewell here too, and would wait for ever for one that does not answer.
  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent {
      deadline = hasBegun ? min(deadline, .now() + TimeAmount(gatekeeper.limits.bodyTimeout)) : .now()
      isEnding = true
      timer?.cancel()
      schedule(context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  private func schedule(_ context: ChannelHandlerContext) {
    let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(deadline: deadline) {
      let (handler, context) = loopBound.value
      if NIODeadline.now() < handler.deadline {
        handler.schedule(context)
      } else {
        context.close(promise: nil)
      }
    }
  }

  private func dropHeldBack() {
    for (_, promise) in heldBack { promise?.fail(ChannelError.ioOnClosedChannel) }
    heldBack = []
  }

  private static func stranger(_ bytes: ByteBuffer) -> Stranger? {
    let view = bytes.readableBytesView
    if view.starts(with: [0x16, 0x03]) { return .tls }
    let methods = ["GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PATCH "]
    return methods.contains { view.starts(with: $0.utf8) } ? .http1 : nil
  }

  private static let answer: String = {
    let message = "this port takes OTLP/gRPC; OTLP/HTTP has a port of its own, 4318 by default\n"
    return "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
      + "content-length: \(message.utf8.count)\r\n\r\n\(message)"
  }()
}
