internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import OTLPProtocol

/// Stands before the transport's own handler of a request, and lets through what may come in.
///
/// The transport buffers a request whole before anybody can say that there is no room for it, answers what is too large
/// or damaged by resetting the stream, which clients take for a fault of the network, and decompresses without looking
/// at how much comes out of how little. So the gate judges the header, receives the body under the limits, and passes
/// the request on once it is there. It lives on the connection's event loop.
final class GRPCRequestGate: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTP2Frame.FramePayload
  typealias InboundOut = HTTP2Frame.FramePayload
  typealias OutboundIn = HTTP2Frame.FramePayload
  typealias OutboundOut = HTTP2Frame.FramePayload

  /// A request whose body is coming in.
  private struct Receiving {
    var headers: HPACKHeaders
    var start: ContinuousClock.Instant
    var framing = GRPCFraming()
    var reader: BodyReader?
    var timeout: Scheduled<Void>
  }

  private enum State {
    case waiting
    case receiving(Receiving)
    /// Passed on; the number of the body, if it is one of the gate's.
    case passed(Int?)
    case refused
  }

  private let gatekeeper: Gatekeeper
  private let arrivals: GRPCArrivals
  private var state = State.waiting

  init(_ gatekeeper: Gatekeeper, _ arrivals: GRPCArrivals) {
    self.gatekeeper = gatekeeper
    self.arrivals = arrivals
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch (state, frame) {
    case (.waiting, .headers(let frame)): begin(context, frame, data)
    case (.receiving(let receiving), .data(let frame)):
      guard case .byteBuffer(let bytes) = frame.data else { return }
      receive(context, receiving, bytes, isLast: frame.endStream)
    case (.receiving(let receiving), .headers(let frame)):
      receive(context, receiving, ByteBuffer(), isLast: frame.endStream)
    case (.receiving(let receiving), .rstStream):
      giveUp(receiving)
      context.fireChannelRead(data)
    case (.refused, _): break
    default: context.fireChannelRead(data)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    switch state {
    case .receiving(let receiving): giveUp(receiving)
    // The handler has it by now, unless the request was cancelled before it ran.
    case .passed(let number?): _ = arrivals.take(number)
    default: break
    }
    state = .refused
    context.fireChannelInactive()
  }

  private func begin(_ context: ChannelHandlerContext, _ frame: HTTP2Frame.FramePayload.Headers, _ data: NIOAny) {
    let headers = frame.headers
    guard headers.first(name: "content-type")?.hasPrefix("application/grpc") == true,
      let signal = OTLPSignal.allCases.first(where: { "/\($0.service)/Export" == headers.first(name: ":path") })
    else {
      // The transport knows how to answer what is not gRPC, or no method of ours.
      state = .passed(nil)
      context.fireChannelRead(data)
      return
    }
    let start = ContinuousClock.now
    do throws(Refusal) {
      try gatekeeper.checkSender(
        authorization: headers.first(name: "authorization"),
        marker: headers.first(name: ReceiverConfiguration.markerName))
      try gatekeeper.checkSignal(signal)
    } catch {
      refuse(context, error, since: start, hasEnded: frame.endStream)
      return
    }
    let gate = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let timeout = context.eventLoop.scheduleTask(in: TimeAmount(gatekeeper.limits.bodyTimeout)) {
      let (handler, context) = gate.value
      handler.timeOut(context)
    }
    let receiving = Receiving(headers: headers, start: start, timeout: timeout)
    if frame.endStream {
      receive(context, receiving, ByteBuffer(), isLast: true)
    } else {
      state = .receiving(receiving)
    }
  }

  private func receive(_ context: ChannelHandlerContext, _ received: Receiving, _ bytes: ByteBuffer, isLast: Bool) {
    // So that nothing else holds the request's buffers while they grow.
    state = .waiting
    var receiving = received
    do throws(Refusal) {
      try read(bytes, &receiving)
      guard isLast else {
        state = .receiving(receiving)
        return
      }
      guard receiving.framing.isComplete, let reader = receiving.reader else { throw .incompleteMessage }
      let body = try reader.finish()
      receiving.timeout.cancel()
      pass(
        context, receiving.headers,
        GRPCArrivals.Arrival(
          body: body, receivedBytes: reader.receivedBytes, start: receiving.start, share: reader.share))
    } catch {
      receiving.timeout.cancel()
      refuse(context, error, since: receiving.start, reader: receiving.reader, hasEnded: isLast)
    }
  }

  private func read(_ bytes: ByteBuffer, _ receiving: inout Receiving) throws(Refusal) {
    var bytes = bytes
    if receiving.reader == nil {
      receiving.framing.readPrefix(&bytes)
      guard let isCompressed = receiving.framing.isCompressed else { return }
      let encoding = receiving.headers.first(name: "grpc-encoding") ?? ""
      guard let coding = isCompressed ? ContentCoding(header: encoding) : .identity else { throw .unknownEncoding }
      let reader = gatekeeper.reader(coding)
      try reader.expect(receiving.framing.length)
      receiving.reader = reader
    }
    let piece = receiving.framing.readMessage(&bytes)
    if piece.readableBytes > 0 { try receiving.reader?.append(piece.readableBytesView) }
    guard bytes.readableBytes == 0 else { throw .secondMessage }
  }

  /// Passes the request on: its header, and an empty message in place of its body.
  private func pass(_ context: ChannelHandlerContext, _ headers: HPACKHeaders, _ arrival: GRPCArrivals.Arrival) {
    let number = arrivals.put(arrival)
    state = .passed(number)
    var headers = headers
    headers.remove(name: "grpc-encoding")
    headers.replaceOrAdd(name: GRPCArrivals.key, value: String(number))
    context.fireChannelRead(wrapInboundOut(.headers(HTTP2Frame.FramePayload.Headers(headers: headers))))
    let empty = ByteBuffer(bytes: [0, 0, 0, 0, 0])
    context.fireChannelRead(
      wrapInboundOut(.data(HTTP2Frame.FramePayload.Data(data: .byteBuffer(empty), endStream: true))))
  }

  private func refuse(
    _ context: ChannelHandlerContext, _ refusal: Refusal, since start: ContinuousClock.Instant,
    reader: BodyReader? = nil, hasEnded: Bool
  ) {
    state = .refused
    gatekeeper.report(
      refusal.outcome, received: reader?.receivedBytes ?? 0, bytes: reader?.bytes ?? 0, since: start, refusal: refusal)
    let trailers = HTTP2Frame.FramePayload.Headers(headers: refusal.trailers, endStream: true)
    context.write(wrapOutboundOut(.headers(trailers)), promise: nil)
    // The rest of the body is not wanted; this is no error (RFC 9113, 8.1).
    if !hasEnded { context.write(wrapOutboundOut(.rstStream(.noError)), promise: nil) }
    context.flush()
  }

  private func timeOut(_ context: ChannelHandlerContext) {
    guard case .receiving(let receiving) = state else { return }
    refuse(context, .incomplete, since: receiving.start, reader: receiving.reader, hasEnded: false)
  }

  private func giveUp(_ receiving: Receiving) {
    receiving.timeout.cancel()
    state = .refused
    gatekeeper.report(
      .incomplete, received: receiving.reader?.receivedBytes ?? 0, bytes: receiving.reader?.bytes ?? 0,
      since: receiving.start)
  }
}

extension Refusal {
  fileprivate static let incompleteMessage = Refusal(
    .malformed, .invalidArgument, http: 400, "the request ends before its message does")

  fileprivate static let secondMessage = Refusal(
    .malformed, .invalidArgument, http: 400, "Export takes one message; more bytes follow it")

  fileprivate static let unknownEncoding = Refusal(
    .unsupported, .unimplemented, http: 415, "the grpc-encoding has to be one of \(ContentCoding.accepted)")
}
