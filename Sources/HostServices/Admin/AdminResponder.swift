internal import Hummingbird
internal import NIOCore

/// Answers requests of the admin port.
struct AdminResponder: HTTPResponder {
  /// A request, and who sent it.
  struct Context: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Whether the request came from this machine, or this pod.
    let isLocal: Bool

    init(source: ApplicationRequestContextSource) {
      coreContext = CoreRequestContextStorage(source: source)
      let address = source.channel.remoteAddress?.ipAddress ?? ""
      isLocal = address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
    }
  }

  let source: any AdminSource

  func respond(to request: Request, context: Context) async throws -> Response {
    let path = request.uri.path
    if let action = Action(rawValue: path) { return await perform(action, request, context) }
    guard let page = Page(rawValue: path) else {
      let pages = (Page.allCases.map(\.rawValue) + Action.allCases.map(\.rawValue)).joined(separator: ", ")
      return text(.notFound, "there is no such page; there are \(pages)\n")
    }
    guard request.method == .get || request.method == .head else {
      return refusal("this page can only be read", allowing: "GET, HEAD")
    }
    return await response(page)
  }

  /// What can be asked for beside pages.
  private enum Action: String, CaseIterable {
    case reload = "/rules/reload"
    case accept = "/rules/accept"
    case revert = "/rules/revert"
    case promote = "/rules/promote"
  }

  private func perform(_ action: Action, _ request: Request, _ context: Context) async -> Response {
    guard request.method == .post else {
      return refusal("this page does something: it takes POST alone", allowing: "POST")
    }
    // A page in a browser on this machine can post here without asking; the browser then says from where.
    if request.headers.contains(where: { $0.name == .origin || $0.name.canonicalName.hasPrefix("sec-fetch-") }) {
      return text(.forbidden, "nothing is done with the rules for a page in a browser\n")
    }
    // They decide on what shows, or write files, so that reaching the port is not enough.
    if action != .reload, !context.isLocal {
      return text(.forbidden, "rules are accepted, reverted and promoted from the host's own machine or pod alone\n")
    }
    let answer =
      switch action {
      case .reload: await source.reloadRules()
      case .accept: await source.acceptRules()
      case .revert: await source.revertRules()
      case .promote: await source.promoteRules(request.uri.queryParameters["digest"].map(String.init))
      }
    return content(answer.isRefused ? .conflict : .ok, "application/json", answer.json)
  }

  private func refusal(_ reason: String, allowing methods: String) -> Response {
    var response = text(.methodNotAllowed, reason + "\n")
    response.headers[.allow] = methods
    return response
  }

  private enum Page: String, CaseIterable {
    case live = "/live"
    case ready = "/ready"
    case metrics = "/metrics"
    case rules = "/rules"
    case shadow = "/rules/shadow"
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
    case .shadow: return content(.ok, "application/json", await source.shadowRules())
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
