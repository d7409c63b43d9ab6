internal import OTLPExporters
internal import ProcessorHost
internal import Testing

@Suite("Answers over HTTP")
struct HTTPAnswerTests {
  private let endpoint = OTLPEndpoint(isSecure: false, host: "backend", port: 4318, path: "/v1/traces")

  @Test("a partial success is told in protobuf")
  func partial() {
    let answer = answer(200, "application/x-protobuf", ProtobufBytes.response(rejected: 2, "two had no name"))
    #expect(answer == .partial(rejected: 2, message: "two had no name"))
  }

  @Test("a partial success is told in JSON", arguments: ["\"2\"", "2"])
  func partialJSON(count: String) {
    let body = "{\"partialSuccess\":{\"rejectedSpans\":\(count),\"errorMessage\":\"two had no name\"}}"
    #expect(
      answer(200, "application/json; charset=utf-8", Array(body.utf8))
        == .partial(rejected: 2, message: "two had no name"))
  }

  @Test("a message without refused spans is a warning")
  func warning() {
    let answer = answer(200, "application/x-protobuf", ProtobufBytes.response(rejected: 0, "old version"))
    #expect(answer == .partial(rejected: 0, message: "old version"))
  }

  @Test(
    "a success without a body, or with one that nobody understands, is one",
    arguments: [
      ("application/x-protobuf", ""), ("application/json", "{}"), ("application/json", "{\"partialSuccess\":{}}"),
      ("application/json", "not JSON"), ("application/x-protobuf", "\u{7F}\u{7F}"), ("", "OK"), ("text/plain", "OK"),
    ])
  func success(type: String, body: String) {
    #expect(answer(200, type, Array(body.utf8)) == .exported)
  }

  @Test("a page of HTML is a success with a warning: most likely the endpoint is a web site's")
  func page() {
    let outcome = answer(200, "text/html", Array("<html>".utf8))
    guard case .partial(0, let message) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(message.contains("is the endpoint right"))
  }

  @Test(
    "the message of a failure is taken from its Status, in each form",
    arguments: [
      ("application/x-protobuf", ProtobufBytes.status("no such tenant")),
      ("application/json", Array("{\"code\":3,\"message\":\"no such tenant\"}".utf8)),
      ("text/plain; charset=utf-8", Array("no such tenant\n".utf8)),
    ])
  func message(type: String, body: [UInt8]) {
    #expect(answer(400, type, body) == .invalid("HTTP 400: no such tenant"))
  }

  @Test("pages of HTML and bytes that are no Status are not shown")
  func noMessage() {
    #expect(answer(400, "text/html", Array("<html>".utf8)) == .invalid("HTTP 400"))
    #expect(answer(400, "application/x-protobuf", [0xFF, 0xFF]) == .invalid("HTTP 400"))
  }

  @Test(
    "a refusal says what to check",
    arguments: [
      (401, "credentials"), (403, "not allowed"), (404, "'/v1/traces'"), (405, "POST"), (415, "compression"),
      (302, "redirects"), (508, "circle"),
    ])
  func advice(status: Int, part: String) {
    let outcome = answer(status, "", [])
    guard case .refused(let message) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(message.contains(part) && message.contains("backend:4318"))
  }

  @Test("Retry-After is passed on with those that can be tried again", arguments: [429, 502, 503, 504])
  func retryAfter(status: Int) {
    var answer = HTTPAnswer(status: status)
    answer.retryAfter = "7"
    #expect(answer.outcome(from: endpoint, now: 0) == .retry("HTTP \(status)", after: .seconds(7)))
    answer.retryAfter = nil
    #expect(answer.outcome(from: endpoint, now: 0) == .retry("HTTP \(status)"))
  }

  @Test("what a server says is cut, and cannot command a terminal")
  func shown() {
    let long = String(repeating: "x", count: 5000)
    #expect(ServerMessage.shown(long).count == ServerMessage.maximumLength)
    #expect(ServerMessage.shown(String(repeating: "\u{1B}", count: 150)).count <= ServerMessage.maximumLength)
    #expect(ServerMessage.shown("a\u{1B}[2Jb\nc\u{202E}d") == "a\\u{1b}[2Jb\\u{a}c\\u{202e}d")
    #expect(ServerMessage.shown("key abc123 is bad", hiding: ["abc123", ""]) == "key *** is bad")
  }

  private func answer(_ status: Int, _ type: String, _ body: [UInt8]) -> ExportOutcome {
    var answer = HTTPAnswer(status: status)
    answer.contentType = type
    answer.body = body
    return answer.outcome(from: endpoint, now: 0)
  }
}
