internal import Hummingbird
internal import NIOCore

/// Answers requests of the admin port.
struct AdminResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  let source: any AdminSource

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    guard let page = Page(rawValue: request.uri.path) else {
      let pages = Page.allCases.map(\.rawValue).joined(separator: ", ")
      return text(.notFound, "there is no such page; there are \(pages)\n")
    }
    guard request.method == .get || request.method == .head else {
      var response = text(.methodNotAllowed, "this page can only be read\n")
      response.headers[.allow] = "GET, HEAD"
      return response
    }
    return await response(page)
  }

  private enum Page: String, CaseIterable {
    case live = "/live"
    case ready = "/ready"
    case metrics = "/metrics"
    case rules = "/rules"
    case config = "/config"
  }

  private func response(_ page: Page) async -> Response {
    switch page {
    case .live: return text(.ok, "live\n")
    case .ready:
      if let reason = await source.unreadiness() { return text(.serviceUnavailable, "not ready: \(reason)\n") }
      return text(.ok, "ready\n")
    case .metrics: return content(.ok, AdminServer.metricsContentType, Array(await source.metrics().utf8))
    case .rules: return content(.ok, "application/json", await source.rules())
    case .config: return content(.ok, "application/json", await source.configuration())
    }
  }

  private func text(_ status: HTTPResponse.Status, _ text: String) -> Response {
    content(status, "text/plain; charset=utf-8", Array(text.utf8))
  }

  private func content(_ status: HTTPResponse.Status, _ type: String, _ bytes: [UInt8]) -> Response {
    // What is true now is not true later.
    let headers: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
