internal import OTLPProtocol
package import ProcessorHost

/// What a backend answered over HTTP, and what that means for the batch. OTLP specification: OTLP/HTTP Response.
package struct HTTPAnswer {
  package var status: Int
  package var contentType = ""
  package var retryAfter: String?
  package var date: String?
  /// The body; nil where it did not come whole, or was too long to be an answer.
  package var body: [UInt8]?

  package init(status: Int) { self.status = status }

  /// - Parameters:
  ///   - endpoint: where the request went.
  ///   - secrets: values that must not be shown.
  ///   - now: seconds since 1970.
  package func outcome(from endpoint: OTLPEndpoint, hiding secrets: [String] = [], now: @autoclosure () -> Int)
    -> ExportOutcome
  {
    switch status {
    case 200..<300: return success(secrets)
    case 429, 502, 503, 504:
      return .retry(said(secrets), after: RetryAfter.wait(retryAfter, date: date, now: now()))
    case 413: return .tooLarge(said(secrets))
    case 400, 422: return .invalid(said(secrets))
    default: return .refused("\(endpoint.authority): \(said(secrets))\(advice(endpoint))")
    }
  }

  // MARK: Success

  private func success(_ secrets: [String]) -> ExportOutcome {
    guard let body, !body.isEmpty else { return .exported }
    if isMarkup {
      return .partial(
        rejected: 0, message: "HTTP \(status) with a page of HTML, which is no OTLP answer: is the endpoint right?")
    }
    let response =
      isJSON
      ? try? TraceExportResponse(json: String(decoding: body, as: UTF8.self))
      : try? TraceExportResponse(protobuf: body)
    // The status alone says that the spans were taken.
    return response.map { ExportOutcome($0, hiding: secrets) } ?? .exported
  }

  // MARK: Failure

  /// The status, and what the body says.
  private func said(_ secrets: [String]) -> String {
    let message = ServerMessage.shown(statusMessage, hiding: secrets)
    return message.isEmpty ? "HTTP \(status)" : "HTTP \(status): \(message)"
  }

  private var statusMessage: String {
    guard let body, !body.isEmpty, !isMarkup else { return "" }
    if isJSON { return (try? RPCStatus(json: String(decoding: body, as: UTF8.self)))?.message ?? "" }
    if contentType.hasPrefix("text/") { return String(decoding: body, as: UTF8.self) }
    return (try? RPCStatus(protobuf: body))?.message ?? ""
  }

  private func advice(_ endpoint: OTLPEndpoint) -> String {
    switch status {
    case 300..<400: "; redirects are not followed: send to the address that the server redirects to"
    case 401: "; check the credentials in the headers"
    case 403: "; the credentials are known but not allowed to write traces, or a proxy is in between"
    case 404: "; nothing takes traces at '\(endpoint.path)': check the endpoint's path"
    case 405: "; '\(endpoint.path)' takes no POST: check the endpoint's path"
    case 407: "; a proxy in between asks for credentials"
    case 415: "; the server does not take this encoding: check protocol and compression"
    case 508: "; the spans came back to this host: an exporter or a backend sends them in a circle"
    default: ""
    }
  }

  private var isJSON: Bool { contentType.hasPrefix("application/json") }

  private var isMarkup: Bool { contentType.hasPrefix("text/html") || contentType.hasPrefix("application/xhtml") }
}
