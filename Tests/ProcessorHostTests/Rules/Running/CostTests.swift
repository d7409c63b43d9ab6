internal import ProcessorHost
internal import Testing

@Suite("What a rule makes the host do is paid in steps, so that no hook can stall a lane")
struct CostTests {
  /// Loops that never end by themselves, over a span with thousands of fields. Each must be stopped by its steps, which
  /// are the same on every machine, and not by the clock.
  @Test(
    "Endless loops over a large span",
    arguments: [
      "for k in pairs(span.attributes) do end", "for k in pairs(span.resource) do end", "local x = span.name",
      "local x = span.attributes.missing", "span.attributes.x = 1", "span.attributes.x = nil", "local x = #span.events",
      "local x = span.events[900].name", "local x = span.events[900].attributes.k", "local x = span.resource.missing",
      "for k in pairs(span.events[900].attributes) do end", "local x = span.status.code", "span.name = 'x'",
      "span.attributes.x = large", "span.attributes.x = wide", "pcall(function() span.attributes.x = huge end)",
      "pcall(function() return span.nothing end)", "pcall(function() span.attributes[('x'):rep(5000)] = 1 end)",
      "pcall(span.drop, span, 'nothing')", "match.names(large)", "span.attributes.x = (('x'):rep(60000))",
    ])
  func loops(body: String) throws {
    let harness = try RuleHarness(
      hook: "while true do \(body) end", can: "rewrite = { 'name', 'attributes.*' }",
      header: "local large, wide, huge = {}, {}, {} for i = 1, 4000 do large[i] = i wide['k' .. i] = i end "
        + "for i = 1, 30000 do huge[i] = i end")
    var span = PlainSpan.with((0..<3000).map { AttributeValue.Entry("key\($0)", 1) })
    span.events = (0..<1000).map { SpanEvent(name: "e\($0)", attributes: [.init("a", 1)]) }
    span.resource = (0..<1000).map { AttributeValue.Entry("r\($0)", 1) }
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(
        harness.run(span).failures.map { $0.drop { $0 != " " } } == [
          " the rule took more steps than it may; is there a loop without an end?"
        ])
    }
    // Unoptimised builds, on a busy machine: what matters is that it is not minutes.
    #expect(time < .seconds(5))
  }

  @Test("A rule that may read nothing cannot make the host search for ever")
  func nothingToRead() throws {
    let text =
      "return rule { about = 'x', on_span = function(span) while true do for k in pairs(span.attributes) do end end end }"
    let span = PlainSpan.with((0..<20000).map { AttributeValue.Entry("key\($0)", 1) })
    #expect(
      try RuleHarness(["rule": text]).run(span).failures
        == ["rule.lua:1: the rule took more steps than it may; is there a loop without an end?"])
  }
}
