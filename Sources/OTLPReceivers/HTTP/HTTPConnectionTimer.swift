internal import Logging
internal import NIOCore

/// Closes connections that are slow in sending a header or a body, or that nothing comes over any more.
///
/// It stands before the HTTP decoder, which tells nothing of a header before it is whole: a client that sends a byte
/// now and then would keep a connection for ever. ``RequestPhaseHandler``, behind the decoder, tells it how far a
/// request is. Both live on the connection's event loop.
final class HTTPConnectionTimer: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// How far the request is that is being received.
  enum Phase {
    case idle
    case header
    case body
    case answering
  }

  private let gatekeeper: Gatekeeper
  private var phase = Phase.idle
  private var deadline = NIODeadline.distantFuture
  private var scheduled: (task: Scheduled<Void>, at: NIODeadline)?
  private var context: ChannelHandlerContext?
  private var hasBegun = false

  init(_ gatekeeper: Gatekeeper) { self.gatekeeper = gatekeeper }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    enter(.idle)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    scheduled?.task.cancel()
    scheduled = nil
    self.context = nil
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !hasBegun {
      hasBegun = true
      if HTTP2Refusal.isPreface(unwrapInboundIn(data)) {
        refuseHTTP2(context)
        return
      }
    }
    if phase == .idle { enter(.header) }
    context.fireChannelRead(data)
  }

  /// Begins a phase, and the time that it may take.
  func enter(_ phase: Phase) {
    self.phase = phase
    deadline = timeout.map { NIODeadline.now() + TimeAmount($0) } ?? .distantFuture
    if let scheduled {
      // A task that comes too soon finds the later deadline, and waits on.
      if scheduled.at <= deadline { return }
      scheduled.task.cancel()
    }
    schedule()
  }

  private var timeout: Duration? {
    switch phase {
    case .idle: gatekeeper.limits.idleTimeout
    case .header: gatekeeper.limits.headerTimeout
    case .body: gatekeeper.limits.bodyTimeout
    // What an answer takes is the host's own time.
    case .answering: nil
    }
  }

  private func schedule() {
    scheduled = nil
    guard deadline < .distantFuture, let context else { return }
    let loop = context.eventLoop
    let timer = NIOLoopBound(self, eventLoop: loop)
    scheduled = (loop.scheduleTask(deadline: deadline) { timer.value.fire() }, deadline)
  }

  private func fire() {
    guard let context else { return }
    if NIODeadline.now() < deadline {
      schedule()
      return
    }
    scheduled = nil
    gatekeeper.logger.debug("A connection was closed that nothing came over", metadata: ["phase": "\(phase)"])
    if phase == .header {
      let reply = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: reply)), promise: nil)
    }
    context.close(promise: nil)
  }

  private func refuseHTTP2(_ context: ChannelHandlerContext) {
    gatekeeper.reportStranger(
      "HTTP/2, gRPC most likely, came to the port of OTLP/HTTP; set the client's OTEL_EXPORTER_OTLP_PROTOCOL to "
        + "http/protobuf, or its endpoint to the port of OTLP/gRPC", from: context.channel)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: HTTP2Refusal.frames)), promise: nil)
    context.close(promise: nil)
  }
}
