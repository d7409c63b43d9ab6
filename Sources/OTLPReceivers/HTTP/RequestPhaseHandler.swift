internal import NIOCore
internal import NIOHTTPTypes

/// Tells ``HTTPConnectionTimer`` how far a request is.
final class RequestPhaseHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private var timer: HTTPConnectionTimer?
  private var isAnswered = false
  private var isReceived = false

  func handlerAdded(context: ChannelHandlerContext) {
    timer = try? context.pipeline.syncOperations.handler(type: HTTPConnectionTimer.self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      isAnswered = false
      isReceived = false
      timer?.enter(.body)
    case .body: break
    case .end:
      isReceived = true
      // An answer can come before the end of a body that it refuses.
      timer?.enter(isAnswered ? .idle : .answering)
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      isAnswered = true
      if isReceived { timer?.enter(.idle) }
    }
    context.write(data, promise: promise)
  }
}
