internal import BuiltinProcessors
internal import ProcessorHost
import TestSupport
import Testing

@Suite("A scan groups what it finds by surface, key and detector")
struct ScanReportTests {
  @Test("Hits, spans and traces are counted apart")
  func counts() throws {
    let twice = AttributeValue.array(["ada@example.org", "bob@example.org"])
    let report = try ScanRig.report(
      .with([.init("to", twice)], trace: 1), .with([.init("to", twice)], trace: 1),
      .with([.init("to", "eve@example.org")], trace: 2), .with([.init("to", "nobody")], trace: 3))
    let finding = try #require(report.findings.first)
    #expect(report.placeNames == ["email in attribute to"])
    #expect([finding.hits, finding.spans, finding.traces] == [5, 3, 2])
    #expect(report.summary == "3 of 4 spans hold 5 findings of 1 kind in 1 place")
  }

  @Test("Every surface is named, with the keys on the way to it")
  func surfaces() throws {
    let mail = "ada@example.org"
    var span = PlainSpan.with(
      [
        .init("password", "hunter2-late"), .init("request", .map([.init("auth", .map([.init("x", 1)]))])),
        .init("list", .array([.map([.init("to", .string(mail))]), .map([.init("to", .string(mail))])])),
        .init(mail, 1),
      ], name: "send to \(mail)")
    span.statusMessage = mail
    span.traceState = "vendor=token:abcdef99"
    span.events = [SpanEvent(name: "from \(mail)", attributes: [.init("secret", "hunter2-late")])]
    var link = SpanLink(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
    link.attributes = [.init("token", "hunter2-late")]
    link.traceState = "token=hunter2-late"
    span.links = [link]
    span.resource = [.init("owner", .string(mail))]
    span.scopeName = mail
    span.scopeAttributes = [.init("cookie", "hunter2-late")]
    let report = try ScanRig.report(span)
    #expect(
      Set(report.placeNames) == [
        "words in attribute password", "words in attribute request.auth", "email in attribute list.to",
        "email in attribute key [REDACTED]", "email in span name", "email in status message",
        "assignment in trace state vendor", "email in event name", "words in event attribute secret",
        "words in link attribute token", "words in link trace state token", "email in resource attribute owner",
        "email in scope name", "words in scope attribute cookie",
      ])
    #expect(report.findings.allSatisfy { $0.hits == ($0.place.key == "list.to" ? 2 : 1) })
    #expect(report.summary == "1 of 1 span, 1 resource and 1 scope hold 15 findings of 3 kinds in 14 places")
  }

  @Test("An unknown field is a place of its own")
  func unknownFields() throws {
    let request = Field.request(Field.bytes(700, Field.entry("password", "hunter2-late")))
    #expect(try ScanRig.report([request]).placeNames == ["words in unknown field"])
  }

  @Test("The resource counts once for all spans that share it, and names one of them")
  func sharedResource() throws {
    var span = PlainSpan.with([], name: "work")
    span.resource = [.init("api_key", "hunter2-late")]
    let report = try ScanRig.report(span, span, span)
    let finding = try #require(report.findings.first)
    #expect([finding.hits, finding.spans, finding.traces] == [1, 0, 0])
    #expect(finding.example == ScanFinding.Example(name: "work", traceID: span.traceID))
    #expect(report.resourcesWithFindings == 1 && report.spansWithFindings == 0)
  }

  @Test("The first span is named, without what was found in its name")
  func example() throws {
    let report = try ScanRig.report(
      .with([.init("password", "hunter2-late")], name: "mail ada@example.org", trace: 5),
      .with([.init("password", "other-secret")], trace: 6))
    let finding = try #require(report.findings.first { $0.place.detector == "words" })
    #expect(finding.sample == "hu… (12 characters)")
    #expect(finding.example == .init(name: "mail [REDACTED]", traceID: TraceID(high: 7, low: 5)))
  }

  @Test("What weighs more comes first, then what there is more of")
  func order() throws {
    let mail = AttributeValue.string("ada@example.org")
    let report = try ScanRig.report(
      .with([.init("b", mail), .init("a", mail), .init("password", "hunter2-late")]), .with([.init("c", mail)]),
      .with([.init("c", mail)]))
    #expect(
      report.placeNames == [
        "words in attribute password", "email in attribute c", "email in attribute a", "email in attribute b",
      ])
  }

  @Test("What was hidden before is no finding, wherever the mark stands")
  func hiddenBefore() throws {
    let mark = AttributeValue.string(HideAction.markText)
    var span = PlainSpan.with(
      [
        .init("password", mark), .init("request", .map([.init("auth", mark)])), .init("text", "password=[REDACTED]"),
        .init("[REDACTED]", "x"),
      ], name: "send to [REDACTED]")
    span.events = [SpanEvent(name: "event", attributes: [.init("secret", mark)])]
    span.resource = [.init("api_key", mark)]
    let report = try ScanRig.report(span)
    #expect(report.placeNames == [])
    #expect(report.summary == "nothing found in 1 span")
  }

  @Test("What a scan finds, its own policy hides: a second scan finds nothing")
  func twice() throws {
    var random = SeededGenerator(seed: 20_261_121)
    let policy = ScanPolicy(isComplete: true).policy
    let host = try SpanProcessorHost(SpanProcessorHost.Configuration(hide: policy), natives: .builtin)
    var found = 0
    for _ in 0..<300 {
      let span = RandomScan.span(&random)
      found += try ScanRig.report([span.encodedRequest()], isComplete: true).hits
      let left = host.processAndWait(Door().admit(span.encodedRequest()).takeBatch()).encoded()
      let report = try ScanRig.report([left], isComplete: true)
      #expect(report.isClean, "\(report.placeNames) of \(span)")
    }
    #expect(found > 300)
  }

  @Test("The kinds that are asked for are looked for only then")
  func complete() throws {
    let request = PlainSpan.with([.init("client", "192.0.2.17")]).encodedRequest()
    #expect(try ScanRig.report([request]).isClean)
    #expect(try ScanRig.report([request], isComplete: true).placeNames == ["ip_address in attribute client"])
  }

  @Test("The kinds are the detectors and the words, each once")
  func kinds() {
    #expect(ScanPolicy.kinds.sorted() == (TextDetectors.names + ["assignment", "words"]).sorted())
  }

  @Test("The hint has the matchers that find what was found, and no others")
  func hint() throws {
    let mail = try ScanRig.report(.with([.init("to", "ada@example.org")]))
    #expect(mail.hint == ["hide = {", "  match.text { \"email\" },", "}"])
    let text = try ScanRig.report(.with([.init("note", "password=hunter2-late")]))
    #expect(
      text.hint == [
        "hide = {", "  match.words(list \"secret_words\", { except = list \"harmless_names\" }),",
        "  match.text { \"assignment\" },", "}",
      ])
  }
}

/// Spans of which many hold something.
private enum RandomScan {
  private static let keys = ["password", "note", "url", "auth.user", "ada@example.org", "x", "a,b=c"]
  private static let texts = [
    "password=hunter2-late", "ada@example.org", "4111 1111 1111 1111", "https://u:hunter2-late@example.org/?token=abc",
    "Authorization: Bearer hunter2-late-99", "{\"password\": \"x\"}", "plain", "", "192.0.2.17", "[REDACTED]",
  ]

  static func span(_ random: inout SeededGenerator) -> PlainSpan {
    var span = PlainSpan()
    span.name = text(&random)
    span.statusMessage = text(&random)
    span.traceState = "a=\(Int.random(in: 0...9, using: &random)),token=x"
    span.attributes = (0..<4).map { _ in entry(2, &random) }
    span.events = [SpanEvent(name: text(&random), attributes: [entry(1, &random)])]
    span.resource = [entry(1, &random)]
    span.scopeName = text(&random)
    return span
  }

  private static func text(_ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 1...3, using: &random)).map { _ in texts[Int.random(in: 0..<texts.count, using: &random)] }
      .joined(separator: " ")
  }

  private static func entry(_ depth: Int, _ random: inout SeededGenerator) -> AttributeValue.Entry {
    let key = keys[Int.random(in: 0..<keys.count, using: &random)]
    switch Int.random(in: 0..<(depth == 0 ? 3 : 5), using: &random) {
    case 0: return .init(key, .int(4_111_111_111_111_111))
    case 1: return .init(key, .bytes(Array(text(&random).utf8)))
    case 2: return .init(key, .string(text(&random)))
    case 3: return .init(key, .array([.string(text(&random)), .map([entry(depth - 1, &random)])]))
    default: return .init(key, .map([entry(depth - 1, &random), entry(depth - 1, &random)]))
    }
  }
}
