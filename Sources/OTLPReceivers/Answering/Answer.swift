internal import OTLPProtocol
internal import ProcessorHost

/// How a request is answered, whatever it came over.
enum Answer {
  case taken(TraceExportResponse)
  case passedOn([UInt8])
  case refused(Refusal)

  var outcome: ReceivedRequest.Outcome {
    switch self {
    case .taken(let response): response.rejectedSpans > 0 ? .partial : .accepted
    case .passedOn: .passedOn
    case .refused(let refusal): refusal.outcome
    }
  }

  /// What the intake has said, in OTLP's terms.
  init(_ outcome: IntakeOutcome, closingRetry: Duration) {
    switch outcome {
    case .accepted(let refusedSpans, let reason):
      self = .taken(TraceExportResponse(rejectedSpans: refusedSpans, message: reason ?? ""))
    default:
      self = .refused(Refusal(outcome, closingRetry: closingRetry))
    }
  }
}

/// Why a request is not taken: what the client is told, and how it is counted.
struct Refusal: Error {
  var outcome: ReceivedRequest.Outcome
  var status: RPCStatus
  /// The status of OTLP/HTTP.
  var httpStatus: Int

  init(_ outcome: ReceivedRequest.Outcome, _ code: RPCCode, http: Int, _ message: String, retryAfter: Duration? = nil) {
    self.outcome = outcome
    self.status = RPCStatus(code: code, message: message, retryAfter: retryAfter)
    self.httpStatus = http
  }
}

extension Refusal {
  init(_ outcome: IntakeOutcome, closingRetry: Duration) {
    switch outcome {
    case .malformed(let reason):
      self.init(.malformed, .invalidArgument, http: 400, reason)
    case .full(let retryAfter):
      self.init(.full, .unavailable, http: 503, "the queue is full; send it again later", retryAfter: retryAfter)
    case .accepted, .closed:
      self.init(
        .closing, .unavailable, http: 503, "this host is ending; send it again, to another or later",
        retryAfter: closingRetry)
    }
  }

  init(_ error: OTLPProtocolError) {
    switch error.code {
    case .tooLarge, .expandsTooMuch:
      self.init(.tooLarge, .resourceExhausted, http: 413, "\(error.message); send fewer spans at a time")
    case .noMemory:
      self.init(.crowded, .unavailable, http: 503, error.message, retryAfter: .seconds(1))
    default:
      self.init(.malformed, .invalidArgument, http: 400, error.message)
    }
  }

  static func tooLarge(limit: Int) -> Refusal {
    let size = limit % (1 << 20) == 0 ? "\(limit >> 20) MiB" : "\(limit) bytes"
    return Refusal(
      .tooLarge, .resourceExhausted, http: 413,
      "the body has more than the \(size) that are allowed; send fewer spans at a time")
  }

  static func crowded(retryAfter: Duration) -> Refusal {
    Refusal(
      .crowded, .unavailable, http: 503, "too many bodies are under way; send it again later", retryAfter: retryAfter)
  }

  static let unauthorized = Refusal(
    .unauthorized, .unauthenticated, http: 401,
    "a bearer token is needed, and this request has none or not the right one; set OTEL_EXPORTER_OTLP_HEADERS to "
      + "authorization=Bearer%20 and the token")

  static let loop = Refusal(
    .loop, .failedPrecondition, http: 508,
    "this request comes from this host's own exporter: its endpoint is the host's own listener; set the endpoint to "
      + "the backend")

  static let incomplete = Refusal(
    .incomplete, .deadlineExceeded, http: 408, "the body did not arrive in time; send it again")

  static func unsupported(_ signal: OTLPSignal) -> Refusal {
    Refusal(
      .unsupported, .unimplemented, http: 404,
      "this host takes traces, not \(signal.rawValue); send them to your backend, with "
        + "OTEL_EXPORTER_OTLP_\(signal.rawValue.uppercased())_ENDPOINT, or have this host pass them on")
  }
}
