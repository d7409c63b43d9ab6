internal import Logging
internal import NIOCore
internal import OTLPProtocol
internal import ProcessorHost

/// What both receivers ask of a request, and do with it.
struct Gatekeeper: Sendable {
  let transport: ReceiverTransport
  let configuration: ReceiverConfiguration
  let intake: any TraceIntake
  let budget: BodyBudget
  let observer: any ReceiverObserver
  let logger: Logger
  private let reminder = Reminder()

  init(
    _ transport: ReceiverTransport, _ configuration: ReceiverConfiguration, _ intake: any TraceIntake,
    _ budget: BodyBudget, _ observer: any ReceiverObserver, _ logger: Logger
  ) {
    self.transport = transport
    self.configuration = configuration
    self.intake = intake
    self.budget = budget
    self.observer = observer
    self.logger = logger
  }

  var limits: ReceiverLimits { configuration.limits }

  /// Whether the request may come in at all, judged by its header.
  func checkSender(authorization: String?, marker: String?) throws(Refusal) {
    if let token = configuration.bearerToken, !token.isShown(by: authorization) { throw .unauthorized }
    if let own = configuration.ownMarker, marker == own { throw .loop }
  }

  /// Whether requests of a signal are taken, and taken now.
  func checkSignal(_ signal: OTLPSignal) throws(Refusal) {
    if configuration.passthrough[signal] != nil { return }
    guard signal == .traces else { throw .unsupported(signal) }
    if let refusal = intake.refusal { throw Refusal(refusal, closingRetry: limits.retryAfter) }
  }

  /// A reader for the body of a request.
  func reader(_ coding: ContentCoding) -> BodyReader {
    BodyReader(coding, limits: limits, share: BodyShare(budget))
  }

  /// Takes a decompressed request of spans.
  func take(_ body: [UInt8], _ format: RequestFormat) async -> Answer {
    Answer(await intake.accept(body, format: format), closingRetry: limits.retryAfter)
  }

  /// Passes a request on.
  func passOn(_ request: PassthroughRequest, to passthrough: Passthrough) async -> Answer {
    switch await passthrough(request) {
    case .taken(let body): return .passedOn(body)
    case .refused(let status):
      var refusal = Refusal(.passedOn, status.code, http: status.code.httpStatus, status.message)
      refusal.status = status
      return .refused(refusal)
    }
  }

  /// Tells metrics and the log of a connection that speaks something else than this receiver does.
  func reportStranger(_ message: String, from client: any Channel) {
    report(.unsupported, received: 0, bytes: 0, since: .now)
    guard reminder.isDue(message) else { return }
    logger.warning("\(message)", metadata: ["client": "\(client.remoteAddress?.ipAddress ?? "unknown")"])
  }

  /// Tells metrics and the log what became of a request.
  func report(
    _ outcome: ReceivedRequest.Outcome, received: Int, bytes: Int, since start: ContinuousClock.Instant,
    refusal: Refusal? = nil
  ) {
    observer.received(
      ReceivedRequest(
        transport: transport, outcome: outcome, receivedBytes: received, bytes: bytes,
        duration: ContinuousClock.now - start))
    guard let refusal else { return }
    // What a person has to mend is said aloud, but not for each request of a client that goes on and on.
    let needsPerson = outcome == .loop || outcome == .unauthorized || outcome == .tooLarge
    logger.log(
      level: needsPerson && reminder.isDue(outcome.rawValue) ? .warning : .debug, "A request was refused",
      metadata: [
        "transport": "\(transport.rawValue)", "outcome": "\(outcome.rawValue)", "reason": "\(refusal.status.message)",
      ])
  }
}

extension RPCCode {
  /// The status of OTLP/HTTP that says the same.
  fileprivate var httpStatus: Int {
    switch self {
    case .ok: 200
    case .invalidArgument, .outOfRange, .failedPrecondition: 400
    case .unauthenticated: 401
    case .permissionDenied: 403
    case .notFound, .unimplemented: 404
    case .resourceExhausted: 429
    case .deadlineExceeded: 504
    case .unavailable: 503
    default: 500
    }
  }
}
