internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import OTLPProtocol
internal import ProcessorHost

/// Answers the requests of OTLP/HTTP.
struct HTTPResponder: Sendable {
  /// The answer is out, and nothing else can be made of the connection.
  private struct EndOfConnection: Error {}

  /// What a request asks for, judged by its header.
  private struct Route {
    var signal: OTLPSignal
    var format: RequestFormat
    var coding: ContentCoding
  }

  /// What was read of a request, for its report.
  private struct Progress {
    var received = 0
    var bytes = 0
  }

  /// How many bodies of the largest size are read and dropped behind a refusal. To close while a client still sends
  /// would cost it the answer: it sees a connection that was reset, and tries again.
  private static let droppedBodies = 4

  private let gatekeeper: Gatekeeper

  init(_ gatekeeper: Gatekeeper) { self.gatekeeper = gatekeeper }

  func respond(
    _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
  ) async throws {
    let start = ContinuousClock.now
    var body = request.body.makeAsyncIterator()
    var progress = Progress()
    let waitsForContinue = request.headers[.expect]?.lowercased() == "100-continue"
    var wasContinued = false
    let answer: Answer
    do {
      let route = try route(request)
      if waitsForContinue {
        try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        wasContinued = true
      }
      answer = try await self.answer(route, request, &body, &progress)
    } catch let refusal as Refusal {
      answer = .refused(refusal)
    } catch {
      gatekeeper.report(.incomplete, received: progress.received, bytes: progress.bytes, since: start)
      throw error
    }
    let refusal: Refusal? = if case .refused(let reason) = answer { reason } else { nil }
    // Before the answer, so that who has an answer finds it counted.
    gatekeeper.report(
      answer.outcome, received: progress.received, bytes: progress.bytes, since: start, refusal: refusal)
    // A client that was not told to go on may or may not send its body; only a new connection tells requests apart.
    let closes = waitsForContinue && !wasContinued
    let reply = HTTPReply(answer, format: ReplyFormat(contentType: request.headers[.contentType]), closes: closes)
    try await writer.write(response: reply.head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    if closes { throw EndOfConnection() }
    try await drop(rest: &body)
  }

  /// Reads what is left of a body that was refused, so that the connection can go on.
  private func drop(rest body: inout RequestBody.AsyncIterator) async throws {
    var dropped = 0
    while let piece = try await body.next() {
      dropped += piece.readableBytes
      guard dropped / Self.droppedBodies <= gatekeeper.limits.bodyBytes else { throw EndOfConnection() }
    }
  }

  private func answer(
    _ route: Route, _ request: Request, _ body: inout RequestBody.AsyncIterator, _ progress: inout Progress
  ) async throws -> Answer {
    let passthrough = gatekeeper.configuration.passthrough[route.signal]
    let reader = gatekeeper.reader(passthrough == nil ? route.coding : .identity)
    if let length = request.headers[.contentLength].flatMap({ Int($0) }) { try reader.expect(length) }
    while let piece = try await body.next() {
      progress.received += piece.readableBytes
      try reader.append(piece.readableBytesView)
    }
    let whole = try reader.finish()
    progress.bytes = whole.count
    guard let passthrough else { return await gatekeeper.take(whole, route.format) }
    let passedOn = PassthroughRequest(
      signal: route.signal, transport: .http, contentType: ReplyFormat(route.format).mediaType,
      contentEncoding: route.coding == .identity ? "" : route.coding.rawValue, body: whole)
    return await gatekeeper.passOn(passedOn, to: passthrough)
  }

  private func route(_ request: Request) throws(Refusal) -> Route {
    let headers = request.headers
    try gatekeeper.checkSender(authorization: headers[.authorization], marker: headers[.hostMarker])
    guard let signal = OTLPSignal.allCases.first(where: { $0.path == request.uri.path }) else {
      throw .notFound
    }
    guard request.method == .post else { throw .methodNotAllowed }
    // A signal that is not taken is told before its media type is judged.
    if signal != .traces { try gatekeeper.checkSignal(signal) }
    guard let format = RequestFormat(contentType: headers[.contentType]) else { throw .unsupportedMediaType }
    guard let coding = ContentCoding(header: headers[.contentEncoding] ?? "") else { throw .unsupportedCoding }
    try gatekeeper.checkSignal(signal)
    return Route(signal: signal, format: format, coding: coding)
  }
}

extension HTTPField.Name {
  static var hostMarker: Self? { Self(ReceiverConfiguration.markerName) }
}

extension HTTPFields {
  fileprivate subscript(name: HTTPField.Name?) -> String? { name.flatMap { self[$0] } }
}
