/// Where receivers bring the bodies of OTLP trace requests.
public protocol TraceIntake: Sendable {
  /// Why nothing would be taken now, asked before a body is read; nil where it would be. Costs next to nothing.
  var refusal: IntakeOutcome? { get }

  /// Takes a request, whole and decompressed.
  func accept(_ request: [UInt8], format: RequestFormat) async -> IntakeOutcome
}

/// What became of a request.
public enum IntakeOutcome: Sendable, Equatable {
  /// It was taken, but for `refusedSpans` spans, for which `reason` says why the first was not. OTLP: (partial) success.
  case accepted(refusedSpans: Int, reason: String?)
  /// Nothing of it could be read: sending it again is of no use. OTLP/HTTP 400, OTLP/gRPC INVALID_ARGUMENT.
  case malformed(String)
  /// There is no room now. OTLP/HTTP 503 with `Retry-After`, OTLP/gRPC UNAVAILABLE with RetryInfo.
  case full(retryAfter: Duration)
  /// The host is ending. Like `full`, for another host may take it.
  case closed
}
