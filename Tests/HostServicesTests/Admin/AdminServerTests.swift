import AsyncHTTPClient
import HostServices
import Logging
import NIOHTTP1
import ServiceLifecycle
import Testing

struct AdminServerTests {
  private struct Source: AdminSource {
    var reason: String?
    var refusesRules = false
    func unreadiness() async -> String? { reason }
    func metrics() async -> String { "# TYPE a gauge\na 1\n" }
    func rules() async -> [UInt8] { Array(#"{"rules":[]}"#.utf8) }
    func reloadRules() async -> ReloadAnswer {
      ReloadAnswer(isRefused: refusesRules, json: Array(#"{"outcome":"?"}"#.utf8))
    }
    func acceptRules() async -> ReloadAnswer { answer("accepted") }
    func revertRules() async -> ReloadAnswer { answer("reverted") }
    func shadowRules() async -> [UInt8] { Array(#"{"state":"off"}"#.utf8) }
    func promoteRules(_ digest: String?) async -> ReloadAnswer { answer("promoted \(digest ?? "what is compared")") }
    func configuration() async -> [UInt8] { Array(#"{"settings":[]}"#.utf8) }

    private func answer(_ outcome: String) -> ReloadAnswer {
      ReloadAnswer(isRefused: refusesRules, json: Array(#"{"outcome":"\#(outcome)"}"#.utf8))
    }
  }

  private struct Answer: Equatable {
    var status: UInt
    var type: String?
    var body: String
  }

  /// Asks a server for one page, and ends it.
  private func ask(
    _ path: String, _ method: HTTPMethod = .GET, reason: String? = nil, refusesRules: Bool = false,
    header: (name: String, value: String)? = nil
  ) async throws -> (answer: Answer, headers: HTTPHeaders) {
    let ports = AsyncStream<Int>.makeStream()
    let server = AdminServer(
      address: ListenAddress(host: "127.0.0.1", port: 0), source: Source(reason: reason, refusesRules: refusesRules),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onListening: { ports.continuation.yield($0) })
    let group = ServiceGroup(
      services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      var port: Int?
      for await listening in ports.stream {
        port = listening
        break
      }
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(try #require(port))\(path)")
      request.method = method
      if let header { request.headers.add(name: header.name, value: header.value) }
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
      let body = try await response.body.collect(upTo: 1 << 16)
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      let answer = Answer(
        status: response.status.code, type: response.headers.first(name: "content-type"), body: String(buffer: body))
      return (answer, response.headers)
    }
  }

  @Test(arguments: [
    ("/live", "text/plain; charset=utf-8", "live\n"), ("/ready", "text/plain; charset=utf-8", "ready\n"),
    ("/metrics", "text/plain; version=0.0.4; charset=utf-8", "# TYPE a gauge\na 1\n"),
    ("/rules", "application/json", #"{"rules":[]}"#), ("/config", "application/json", #"{"settings":[]}"#),
    ("/rules/shadow", "application/json", #"{"state":"off"}"#),
    ("/config?x=1", "application/json", #"{"settings":[]}"#),
  ])
  func eachPageTellsItsPart(_ path: String, _ type: String, _ body: String) async throws {
    let (answer, headers) = try await ask(path)
    #expect(answer == Answer(status: 200, type: type, body: body))
    #expect(headers.first(name: "cache-control") == "no-store")
  }

  @Test func aHostThatIsNotReadySaysWhyAndLives() async throws {
    #expect(try await ask("/ready", reason: "draining").answer.body == "not ready: draining\n")
    #expect(try await ask("/ready", reason: "draining").answer.status == 503)
    #expect(try await ask("/live", reason: "draining").answer.status == 200)
  }

  @Test(arguments: ["/", "/metrics/", "/live/x", "/v1/traces", "/%6Cive"])
  func otherPagesAreNotThere(_ path: String) async throws {
    let answer = try await ask(path).answer
    #expect(answer.status == 404)
    #expect(answer.body.contains("/metrics"))
  }

  @Test(arguments: [HTTPMethod.POST, .PUT, .DELETE, .OPTIONS])
  func pagesCanOnlyBeRead(_ method: HTTPMethod) async throws {
    let (answer, headers) = try await ask("/rules", method)
    #expect(answer.status == 405)
    #expect(headers.first(name: "allow") == "GET, HEAD")
  }

  @Test func rulesAreReadAgainForAPost() async throws {
    let taken = try await ask("/rules/reload", .POST)
    #expect(taken.answer == Answer(status: 200, type: "application/json", body: #"{"outcome":"?"}"#))
    #expect(taken.headers.first(name: "cache-control") == "no-store")
    let refused = try await ask("/rules/reload", .POST, refusesRules: true).answer
    #expect(refused == Answer(status: 409, type: "application/json", body: #"{"outcome":"?"}"#))
  }

  @Test(arguments: [
    ("/rules/accept", "accepted"), ("/rules/revert", "reverted"), ("/rules/promote", "promoted what is compared"),
    ("/rules/promote?digest=0a", "promoted 0a"),
  ])
  func aPostDecidesWhatIsToRun(_ path: String, _ outcome: String) async throws {
    let taken = try await ask(path, .POST).answer
    #expect(taken == Answer(status: 200, type: "application/json", body: #"{"outcome":"\#(outcome)"}"#))
    #expect(try await ask(path, .POST, refusesRules: true).answer.status == 409)
    #expect(try await ask(path).answer.status == 405)
    #expect(try await ask(path, .POST, header: ("Origin", "http://127.0.0.1:4319")).answer.status == 403)
  }

  @Test(arguments: [HTTPMethod.GET, .HEAD, .PUT, .DELETE, .OPTIONS])
  func rulesAreReadAgainForAPostAlone(_ method: HTTPMethod) async throws {
    let (answer, headers) = try await ask("/rules/reload", method)
    #expect(answer.status == 405)
    #expect(headers.first(name: "allow") == "POST")
    #expect(headers.first(name: "access-control-allow-origin") == nil)
  }

  @Test(arguments: [
    ("Origin", "https://example.org"), ("origin", "null"), ("Origin", "http://127.0.0.1:4319"), ("Origin", ""),
    ("Sec-Fetch-Site", "cross-site"), ("sec-fetch-mode", "no-cors"),
  ])
  func aPageInABrowserCannotHaveRulesReadAgain(_ name: String, _ value: String) async throws {
    let answer = try await ask("/rules/reload", .POST, header: (name, value)).answer
    #expect(answer.status == 403)
    #expect(!answer.body.contains("outcome"))
  }

  @Test func aPortThatCannotBeOpenedIsToldWithItsSetting() async throws {
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    // An address of no machine: reserved for documentation.
    let address = ListenAddress(host: "192.0.2.1", port: 4319)
    let server = AdminServer(address: address, source: Source(), logger: quiet)
    let error = await #expect(throws: ListeningError.self) { try await server.run() }
    #expect(error?.setting == "admin.endpoint" && error?.address == address)
  }

  @Test func headHasTheHeadersAndNoBody() async throws {
    let (answer, headers) = try await ask("/rules", .HEAD)
    #expect(answer == Answer(status: 200, type: "application/json", body: ""))
    #expect(headers.first(name: "content-length") == "12")
  }
}
