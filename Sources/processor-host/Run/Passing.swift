internal import HostServices
internal import OTLPExporters
internal import OTLPProtocol
internal import OTLPReceivers

/// Passes logs and metrics on, which no rule sees.
struct Passing {
  private let forwarder: SignalForwarder

  init(_ settings: ExporterSettings, marker: String) throws(ExporterConfigurationError) {
    forwarder = try SignalForwarder(try OTLPExporterConfiguration(settings), hostID: marker)
  }

  /// One request; the client gets what the backend answers, as far as that says something to it.
  func pass(on request: PassthroughRequest) async -> PassthroughAnswer {
    let path = request.signal == .logs ? "/v1/logs" : "/v1/metrics"
    let answer = await forwarder.forward(
      request.body, path: path, contentType: request.contentType, contentEncoding: request.contentEncoding)
    switch answer.status {
    case 200..<300: return .taken(answer.body)
    case 429, 502, 503, 504:
      let wait = answer.retryAfter.flatMap { Int($0) }.map { Duration.seconds($0) } ?? .seconds(1)
      return .refused(RPCStatus(code: .unavailable, message: "the backend has no room now", retryAfter: wait))
    case 400, 413, 415, 422:
      return .refused(RPCStatus(code: .invalidArgument, message: "the backend refused it: HTTP \(answer.status)"))
    default:
      return .refused(RPCStatus(code: .internalError, message: "the backend answered HTTP \(answer.status)"))
    }
  }

  func shutdown() async { await forwarder.shutdown() }
}
