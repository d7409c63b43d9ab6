internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Steps for the spans that a rule asks for")
struct ConditionalHidingTests {
  private static let secret = "planted-7f"

  /// A host with one rule that asks for `step` where the span's name is `hide`.
  private func host(_ step: String, standing: String = "match.names { 'nothing' }") throws -> SpanProcessorHost {
    let rule =
      "local step = \(step) return rule { about = 'x', can = { read = { 'name' } }, hide = { \(standing) }, "
      + "on_span = function(span) if span.name == 'hide' then span:hide(step) end end }"
    return try SpanProcessorHost(
      SpanProcessorHost.Configuration(
        rules: RuleDirectory(rules: [RuleSource(file: "rule.lua", text: rule)]), chain: ["rule"], lanes: 1),
      natives: .builtin)
  }

  /// Spans of one request, by name, with the secret under `password` on every surface that belongs to a span.
  private func request(_ names: [String]) -> [UInt8] {
    let entry = Field.entry("password", Self.secret)
    let map = Field.text(1, "m") + Field.bytes(2, Field.bytes(6, Field.bytes(1, entry)))
    let ids = Field.bytes(1, [UInt8](repeating: 1, count: 16)) + Field.bytes(2, [UInt8](repeating: 2, count: 8))
    let spans = names.map { name in
      Field.bytes(
        2,
        ids + Field.text(3, "password=\(Self.secret)") + Field.text(5, name) + Field.bytes(9, entry)
          + Field.bytes(9, map) + Field.bytes(11, Field.bytes(3, entry)) + Field.bytes(13, ids + Field.bytes(4, entry))
          + Field.bytes(700, entry))
    }
    return Field.bytes(1, Field.bytes(2, spans.flatMap { $0 }))
  }

  /// How often the secret can be read in what leaves of each span, in order.
  private func secrets(_ host: SpanProcessorHost, _ names: [String]) -> [Int] {
    let output = host.processAndWait(Door().admit(request(names)).takeBatch())
    return output.spans.map { range in
      Array(output.bytes[range]).split(separator: Array(Self.secret.utf8), omittingEmptySubsequences: false).count - 1
    }
  }

  @Test(
    "Every surface of the spans that asked, and no other span",
    arguments: ["match.words { 'password' }", "match.names { 'Password' }", "remove(match.prefixes { 'pass' })"])
  func onlyAsking(step: String) throws {
    // What the lane remembers of a key must not carry over, whichever span is the first to have it.
    #expect(secrets(try host(step), ["pass", "hide", "pass", "hide", "hide", "pass"]) == [6, 0, 6, 0, 0, 6])
    #expect(secrets(try host(step), ["hide", "pass", "hide"]) == [0, 6, 0])
  }

  @Test("A step asked for is united with the standing ones: the strongest wins")
  func united() throws {
    let cases = [
      ("match.names { 'k' }", "cut(match.names { 'k' }, 2)", "ab...", HideAction.markText),
      ("cut(match.names { 'k' }, 2)", "match.names { 'k' }", HideAction.markText, HideAction.markText),
      ("cut(match.names { 'k' }, 1)", "cut(match.names { 'k' }, 3)", "abc...", "a..."),
      ("cut(match.names { 'k' }, 3)", "cut(match.names { 'k' }, 1)", "a...", "a..."),
      ("match.values { 'abcdef' }", "cut(match.names { 'k' }, 2)", "ab...", HideAction.markText),
      ("cut(match.values { 'abcdef' }, 1)", "cut(match.names { 'k' }, 2)", "ab...", "a..."),
      ("remove(match.names { 'k' })", "match.values { 'abcdef' }", HideAction.markText, nil),
      ("remove(match.values { 'abcdef' })", "match.names { 'k' }", HideAction.markText, nil),
    ]
    for (step, standing, otherwise, asked) in cases {
      let host = try host(step, standing: standing)
      for (name, text) in [("hide", asked), ("pass", otherwise), ("hide", asked)] {
        var span = PlainSpan()
        span.name = name
        span.attributes = [.init("k", "abcdef"), .init("m", .map([.init("k", "abcdef")]))]
        let expected = text.map { [AttributeValue.Entry("k", .string($0))] } ?? []
        let output = host.processAndWait(Door().admit(span.encodedRequest()).takeBatch())
        let hidden = PlainSpan.all(in: output).first?.attributes
        #expect(hidden == expected + [.init("m", .map(expected))], "\(step), \(standing), \(name)")
      }
    }
  }

  @Test("A limit asked for beside a standing one: the lower one counts, for that span")
  func limits() throws {
    let host = try host("limit { attributes = 1, links = 0 }", standing: "limit { attributes = 3, events = 1 }")
    for (name, attributes, links) in [("pass", 3, 2), ("hide", 1, 0), ("pass", 3, 2)] {
      var span = PlainSpan()
      span.name = name
      span.attributes = (0..<5).map { .init("k\($0)", .int($0)) }
      span.events = [SpanEvent(name: "a"), SpanEvent(name: "b")]
      span.links = Array(repeating: SpanLink(traceID: span.traceID, spanID: span.spanID), count: 2)
      let output = host.processAndWait(Door().admit(span.encodedRequest()).takeBatch())
      let left = try #require(PlainSpan.all(in: output).first)
      #expect(left.attributes == Array(span.attributes.prefix(attributes)))
      #expect(left.events == [SpanEvent(name: "a")])
      #expect(left.links.count == links)
      #expect(output.encoded().firstRange(of: [0x50, UInt8(5 - attributes)]) != nil)
      #expect(output.encoded().firstRange(of: [0x60, 1]) != nil)
    }
  }

  @Test(
    "What a rule writes is hidden like what came",
    arguments: ["match.names { 'k' }", "cut(match.names { 'k' }, 3)"])
  func written(step: String) throws {
    let rule =
      "return rule { about = 'x', can = { rewrite = { 'attributes.*' } }, hide = { \(step) }, on_span = function(span) "
      + "for i = 1, 40 do span.attributes['a' .. i] = map { k = ('\(Self.secret)'):rep(i) } end "
      + "span.attributes.k = ('\(Self.secret)'):rep(400) end }"
    let host = try SpanProcessorHost(
      SpanProcessorHost.Configuration(
        rules: RuleDirectory(rules: [RuleSource(file: "rule.lua", text: rule)]), chain: ["rule"], lanes: 1),
      natives: .builtin)
    let output = host.processAndWait(Door().admit(PlainSpan().encodedRequest()).takeBatch())
    #expect(host.reports().allSatisfy { $0.ledger.failures.isEmpty })
    let left: AttributeValue = step.hasPrefix("cut") ? "pla..." : .string(HideAction.markText)
    let expected = (1...40).map { AttributeValue.Entry("a\($0)", .map([.init("k", left)])) } + [.init("k", left)]
    #expect(PlainSpan.all(in: output).first?.attributes == expected)
  }
}
