internal import GRPCCore
internal import OTLPExporters
internal import OTLPProtocol
internal import ProcessorHost

/// What a backend answered over gRPC, and what that means for the batch. OTLP specification: OTLP/gRPC Response.
struct GRPCAnswer {
  var code: RPCError.Code
  var message: String
  /// google.rpc.Status, from the trailer `grpc-status-details-bin`.
  var details: RPCStatus?

  init(_ code: RPCError.Code, _ message: String, details: RPCStatus? = nil) {
    self.code = code
    self.message = message
    self.details = details
  }

  init(_ error: RPCError) {
    let details = error.metadata[binaryValues: "grpc-status-details-bin"].first { _ in true }
    self.init(error.code, error.message, details: details.flatMap { try? RPCStatus(protobuf: $0) })
  }

  /// - Parameters:
  ///   - endpoint: where the request went.
  ///   - secrets: values that must not be shown.
  func outcome(from endpoint: OTLPEndpoint, hiding secrets: [String] = []) -> ExportOutcome {
    let shown = ServerMessage.shown(message, hiding: secrets)
    let said = shown.isEmpty ? "\(code)" : "\(code): \(shown)"
    switch code {
    case .cancelled, .deadlineExceeded, .aborted, .outOfRange, .unavailable, .dataLoss:
      return .retry(said, after: wait)
    case .resourceExhausted:
      if details?.retryAfter != nil { return .retry(said, after: wait) }
      return isAboutSize ? .tooLarge(said) : .refused("\(endpoint.authority): \(said)")
    case .invalidArgument:
      return .invalid(said)
    default:
      return .refused("\(endpoint.authority): \(said)\(advice)")
    }
  }

  /// A RetryInfo without a time leaves it to the one who waits.
  private var wait: Duration? { details?.retryAfter.flatMap { $0 > .zero ? $0 : nil } }

  /// Every implementation words it differently, and the code is the same as for a quota.
  private var isAboutSize: Bool {
    let text = message.lowercased()
    return [
      "larger than max", "too large", "too big", "exceeds the max", "exceeds max", "message size", "maximum size",
    ]
    .contains { text.contains($0) }
  }

  private var advice: String {
    switch code {
    case .unauthenticated: return "; check the credentials in the headers"
    case .permissionDenied: return "; the credentials are known but not allowed to write traces"
    case .unimplemented, .notFound:
      return "; nothing takes traces there: check the endpoint, and that it is OTLP/gRPC's"
    case .failedPrecondition where message.lowercased().contains("loop"):
      return "; the spans came back to this host: an exporter or a backend sends them in a circle"
    default: return ""
    }
  }
}

extension ExportOutcome {
  /// What the message of a successful answer says.
  init(response: [UInt8], hiding secrets: [String]) {
    guard let response = try? TraceExportResponse(protobuf: response) else {
      self = .exported
      return
    }
    self.init(response, hiding: secrets)
  }
}
