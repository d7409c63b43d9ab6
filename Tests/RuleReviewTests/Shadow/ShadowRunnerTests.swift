import BuiltinProcessors
import Foundation
import ProcessorHost
import RuleReview
import Testing

@Suite("What a candidate would change")
struct ShadowRunnerTests {
  private static let hidesNote = "return rule { about = 'Hides.', hide = { match.names { 'note' } } }"
  private static let hidesBoth = "return rule { about = 'Hides.', hide = { match.names { 'note', 'memo' } } }"
  private static let secret = "the lodger of room nine"

  private static func span(_ attributes: KeyValuePairs<String, String>) -> PlainSpan {
    var span = PlainSpan()
    span.name = "work"
    span.attributes = attributes.map { AttributeValue.Entry($0.key, .string($0.value)) }
    return span
  }

  private static let spans = [
    span(["note": secret, "memo": "1234"]), span(["note": secret]), span(["other": "x"]),
  ]

  /// A rule with code.
  private static func code(_ can: String, _ body: String, _ more: String = "") -> String {
    "return rule { about = 'Code.', can = { \(can) }, \(more)\n  on_span = function(span)\n    \(body)\n  end }"
  }

  private func changes(
    live: KeyValuePairs<String, String> = ["redact": hidesNote], candidate: KeyValuePairs<String, String>,
    _ spans: [PlainSpan] = spans
  ) async throws -> [ShadowChange] {
    try await ShadowRig(live: live, candidate: candidate).changes(of: spans)
  }

  @Test("What shows is counted by path, with the step that hides it now, and never by value")
  func shows() async throws {
    let changes = try await changes(
      live: ["redact": Self.hidesBoth], candidate: ["redact": Self.hidesNote])
    let change = try #require(changes.first)
    #expect(changes.count == 1)
    #expect(change.kind == .newlyVisible && change.path == "attributes.memo" && change.reason == "redact.lua:1 names")
    #expect(change.spans == 1 && change.amount == 4 && change.characters == ["digits"])
  }

  @Test("What no longer shows is counted with the candidate's step")
  func hides() async throws {
    let changes = try await changes(candidate: ["more": Self.hidesBoth])
    #expect(changes.map(\.kind) == [.newlyHidden])
    #expect(changes.map(\.path) == ["attributes.memo"] && changes.map(\.reason) == ["more.lua:1 names"])
  }

  @Test("Attributes of the resource are counted like others, for each span")
  func resources() async throws {
    var span = Self.span(["other": "x"])
    span.resource = [AttributeValue.Entry("memo", .string("abc"))]
    let changes = try await changes(candidate: ["redact": Self.hidesBoth], [span, span])
    #expect(changes.map(\.kind) == [.newlyHidden] && changes.map(\.path) == ["resource.memo"])
    #expect(changes.map(\.spans) == [2] && changes.map(\.reason) == ["redact.lua:1 names"])
  }

  @Test("What stands inside maps and lists, and twice, has the step that hides it")
  func nested() async throws {
    var span = Self.span(["memo": "one", "other": "x"])
    span.attributes.append(AttributeValue.Entry("memo", .string("two")))
    span.attributes.append(AttributeValue.Entry("list", .array([.map([AttributeValue.Entry("memo", .string("in"))])])))
    let changes = try await changes(candidate: ["redact": Self.hidesBoth], [span])
    #expect(changes.map(\.kind) == [.newlyHidden, .newlyHidden])
    #expect(changes.map(\.path) == ["attributes.list[].memo", "attributes.memo"])
    #expect(changes.map(\.amount) == [2, 6])
    #expect(changes.map(\.reason) == ["redact.lua:1 names", "redact.lua:1 names"])
  }

  @Test("Spans that would go, or stay, are counted with the reason that the rule gives")
  func drops() async throws {
    let drops = Self.code(
      "read = { 'attributes.note' }, drop = { 'has a note' }", "if span.attributes.note then span:drop 'has a note' end"
    )
    let less = try await changes(candidate: ["drops": drops, "redact": Self.hidesNote])
    #expect(less.map(\.kind) == [.newlyDropped] && less.map(\.reason) == ["dropped: has a note"])
    #expect(less.map(\.spans) == [2] && less.map(\.path) == ["span"])
    let more = try await changes(
      live: ["drops": drops, "redact": Self.hidesNote], candidate: ["redact": Self.hidesNote])
    #expect(more.map(\.kind) == [.newlyKept] && more.map(\.reason) == ["dropped: has a note"])
  }

  @Test("What rules write is counted with the rule that writes it")
  func writes() async throws {
    let tags = Self.code("set = { tag = { 'a', 'b' } }", "span.attributes.tag = 'a'")
    let otherTags = tags.replacing("tag = 'a'", with: "tag = 'b'")
    let names = Self.code("rewrite = { 'name' }", "span.name = 'renamed'")
    let span = [Self.span(["other": "x"])]
    let added = try await changes(candidate: ["redact": Self.hidesNote, "tags": tags], span)
    #expect(added.map(\.kind) == [.added])
    #expect(added.map(\.path) == ["attributes.tag"] && added.map(\.reason) == ["tags"])
    let live: KeyValuePairs = ["redact": Self.hidesNote, "tags": tags]
    let removed = try await changes(live: live, candidate: ["redact": Self.hidesNote], span)
    #expect(removed.map(\.kind) == [.removed] && removed.map(\.reason) == ["tags"])
    let changed = try await changes(live: live, candidate: ["redact": Self.hidesNote, "tags": otherTags], span)
    #expect(changed.map(\.kind) == [.changed] && changed.map(\.path) == ["attributes.tag"])
    let named = try await changes(candidate: ["redact": Self.hidesNote, "names": names], span)
    #expect(named.map(\.kind) == [.nameChanged] && named.map(\.reason) == ["names"])
    let status = Self.code("rewrite = { 'status.code' }", "span.status.code = status.error")
    let failed = try await changes(candidate: ["redact": Self.hidesNote, "failed": status], span)
    #expect(failed.map(\.kind) == [.statusChanged] && failed.map(\.path) == ["status.code"])
  }

  @Test("A key that a rule makes up is not shown: it may be a copy of a value")
  func madeUpKeys() async throws {
    let copies = Self.code(
      "read = { 'attributes.free' }, rewrite = { 'attributes.x*' }",
      "if span.attributes.free then span.attributes['x' .. span.attributes.free] = 'y' end")
    let changes = try await changes(
      candidate: ["redact": Self.hidesNote, "copies": copies], [Self.span(["free": Self.secret])])
    #expect(changes.map(\.kind) == [.added] && changes.map(\.path) == ["attributes.*"])
    #expect(!"\(changes)".contains("lodger"))
  }

  @Test("What the rules in force hide in a key is not shown")
  func hiddenKeys() async throws {
    let emails = "return rule { about = 'Hides.', hide = { match.text { 'email' } } }"
    let names = "return rule { about = 'Hides.', hide = { match.text { 'email' }, match.prefixes { 'of.' } } }"
    let changes = try await changes(
      live: ["redact": emails], candidate: ["redact": names], [Self.span(["of.jo@example.com": "x"])])
    #expect(!changes.isEmpty && !"\(changes)".contains("jo@"))
  }

  @Test("Failures of the candidate are counted by place, also once its rule is no longer called")
  func failures() async throws {
    let fails = Self.code("read = { 'attributes.note' }", "local x = span.attributes.note .. span.attributes.missing")
    let spans = Array(repeating: Self.spans[0], count: 100)
    let changes = try await changes(candidate: ["fails": fails, "redact": Self.hidesNote], spans)
    #expect(Set(changes.map(\.kind)) == [.newlyFailing])
    #expect(changes.reduce(0) { $0 + $1.spans } == 100)
    #expect(changes.contains { $0.reason.hasPrefix("fails.lua:3: ") && $0.spans == 64 })
    #expect(changes.contains { $0.reason.hasPrefix("fails: not called") && $0.spans == 36 })
  }

  @Test("A hook without an end fails on each span and hurts nobody")
  func endless() async throws {
    let endless = Self.code("read = { 'name' }", "while span.name do end")
    let changes = try await changes(candidate: ["endless": endless, "redact": Self.hidesNote])
    #expect(changes.map(\.kind) == [.newlyFailing] && changes.map(\.spans) == [3])
  }

  @Test("A rate that both sets have lets a span through both or neither")
  func rates() async throws {
    let rate = Self.code("sample = { 'rate' }", "span:rate_limit(50, 'rate')")
    let changes = try await changes(
      live: ["rate": rate, "redact": Self.hidesNote], candidate: ["rate": rate, "more": Self.hidesBoth],
      Array(repeating: Self.spans[1], count: 300))
    #expect(changes.isEmpty)
  }

  @Test("Endless distinct keys are so many lines and no more")
  func manyKeys() async throws {
    let spans = (0..<700).map { Self.span(["k\($0)": "x"]) }
    let all = "return rule { about = 'Hides.', hide = { match.names { 'note' }, match.prefixes { 'k' } } }"
    let changes = try await changes(candidate: ["redact": all], spans)
    #expect(changes.count == ShadowTable.maximumPlaces + 1)
    #expect(changes.reduce(0) { $0 + $1.spans } == 700)
  }

  @Test("A span that is too large, or a request, is passed over and counted")
  func large() async throws {
    let large = Self.span(["note": String(repeating: "x", count: 200_000)])
    let huge = Self.span(["note": String(repeating: "x", count: ShadowMailbox.maximumRequestBytes)])
    try await ShadowRig(live: ["redact": Self.hidesNote], candidate: ["redact": Self.hidesBoth]).run { rig in
      try await rig.wait("the candidate") { $0.state == .comparing }
      for span in [large, huge] + Self.spans { rig.offer([span]) }
      try await rig.wait("all spans") { $0.spans == Self.spans.count && $0.passedOver == 2 }
      #expect(rig.runner.totals.passedOver == 2 && rig.runner.totals.compared == Self.spans.count)
    }
  }

  @Test("JSON is compared like protobuf, and what cannot be read is not")
  func json() async throws {
    let request = """
      {"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"n","traceId":"0af7651916cd43dd8448eb211c80319c",
      "spanId":"b7ad6b7169203331","attributes":[{"key":"memo","value":{"stringValue":"1"}}]}]}]}]}
      """
    try await ShadowRig(live: ["redact": Self.hidesNote], candidate: ["redact": Self.hidesBoth]).run { rig in
      try await rig.wait("the candidate") { $0.state == .comparing }
      rig.runner.offer(Array("{".utf8), .json)
      rig.runner.offer([0xFF], .protobuf)
      rig.runner.offer(Array(request.utf8), .json)
      try await rig.wait("the span") { $0.spans == 1 }
      #expect(rig.runner.report.changes.map(\.path) == ["attributes.memo"])
    }
  }

  @Test("The set that runs is not touched: its account and its breakers are as before")
  func liveIsUntouched() async throws {
    let rig = try ShadowRig(live: ["redact": Self.hidesNote], candidate: ["redact": Self.hidesBoth])
    _ = try await rig.changes(of: Self.spans)
    #expect(await rig.host.ledger() == SpanLedger())
  }
}
