internal import ProcessorHost
internal import Testing

@Suite("A rule for whole traces")
struct TraceRuleTests {
  @Test(
    "reads what the trace is",
    arguments: [
      ("trace.duration == 10", true), ("trace.duration_ms == 10000", true), ("trace.span_count == 3", true),
      ("trace.error_count == 1", true), ("trace.complete", true), ("#trace.id == 32", true),
      ("#trace.spans == 3", true),
      ("#trace.services == 2 and trace.services[1] == 'tickets' and trace.services[2] == 'billing'", true),
      ("trace:touches 'billing'", true), ("trace:touches 'bill'", false), ("trace.root.name == 'root'", true),
      ("trace.root.parent_span_id == nil", true), ("trace.spans[2].name == 'load'", true),
      ("trace.spans[4] == nil and trace.spans[0] == nil", true),
      ("trace.spans[3].resource['service.name'] == 'billing'", true),
      ("trace.spans[3].status.code == status.error", true), ("trace.spans[2].duration == 2", true),
      ("trace:any(function(span) return span.name == 'call' end)", true),
      ("trace:any(function(span) return span.name == 'other' end)", false),
      ("trace:all(function(span) return span.duration > 1 end)", true),
      ("trace:all(function(span) return span.duration > 2 end)", false),
      ("trace:none(function(span) return span.duration > 11 end)", true),
      ("trace:none(function(span) return span.duration > 9 end)", false),
      ("trace:self_time(trace.root) == 3", true), ("trace:self_time(trace.spans[2]) == 2", true),
      ("#trace:critical_path() == 3 and trace:critical_path()[2].name == 'load'", true),
    ])
  func reading(expression: String, expected: Bool) throws {
    let outcome = try TraceHarness("trace:set('flag', \(expression))").run(TraceHarness.trace())
    #expect(outcome.failures == [])
    #expect(outcome.values("flag") == [1: .bool(expected), 2: .bool(expected), 3: .bool(expected)])
  }

  @Test("walks over spans, and sets on one of them or on all")
  func setting() throws {
    let outcome = try TraceHarness(
      "for i, span in ipairs(trace.spans) do span:set('count', i) end trace:set('kind', 'b') trace:set('share', 1)\n"
        + "trace.root:set('named', trace.spans[3])"
    ).run(TraceHarness.trace())
    #expect(outcome.failures == [])
    #expect(outcome.values("count") == [1: 1, 2: 2, 3: 3])
    #expect(outcome.values("kind") == [1: "b", 2: "b", 3: "b"])
    #expect(outcome.values("share") == [1: .double(1), 2: .double(1), 3: .double(1)])
    #expect(outcome.values("named") == [1: "call"])
  }

  @Test("sees a value as hiding left it")
  func hidden() throws {
    var spans = TraceHarness.trace()
    spans[1].attributes = [.init("password", "hunter2")]
    let outcome = try TraceHarness(
      "trace:set('flag', trace.spans[2].attributes.password == '[REDACTED]')",
      tail: "hide = { match.words { 'password' } },"
    ).run(spans)
    #expect(outcome.values("flag")[1] == true)
    #expect(!outcome.holds("hunter2"))
  }

  @Test("reads parts of spans, each of its own span")
  func parts() throws {
    var spans = TraceHarness.trace()
    for index in spans.indices {
      spans[index].events = [SpanEvent(name: "e\(index)", attributes: [.init("n", .int(Int64(index)))])]
      spans[index].attributes = [.init("a", .int(Int64(index))), .init("b", .int(Int64(index)))]
      spans[index].scopeName = "scope\(index)"
    }
    let outcome = try TraceHarness(
      """
      local first, last = trace.spans[1], trace.spans[3]
      local event, other = first.events[1], last.events[1]
      assert(event.name == 'e0' and other.name == 'e2' and event.attributes.n == 0 and other.attributes.n == 2)
      assert(#first.events == 1 and #first.links == 0 and first.events[2] == nil)
      assert(first.scope.name == 'scope0' and last.scope.name == 'scope2')
      local sum = 0
      for key, value in pairs(last.attributes) do sum = sum + value + first.attributes[key] end
      trace:set('count', sum)
      """
    ).run(spans)
    #expect(outcome.failures == [])
    #expect(outcome.values("count")[1] == 4)
  }

  @Test("decides for all spans of the trace", arguments: ["trace:drop 'noise'", "trace:sample(0, 'share')"])
  func dropping(verb: String) throws {
    let outcome = try TraceHarness("if trace.error_count == 0 then \(verb) end").run(
      TraceHarness.trace() + [TraceHarness.span(9, parent: 0, 0, 1) { $0.traceID = TraceID(high: 1, low: 1) }])
    #expect(outcome.failures == [])
    #expect(outcome.spans.map(\.spanID.value).sorted() == [1, 2, 3])
    #expect(outcome.ledger.dropped.values.reduce(0, +) + outcome.ledger.sampledOut.values.reduce(0, +) == 1)
  }

  @Test("keeps a trace from what samples behind it")
  func keeping() throws {
    let outcome = try TraceHarness("trace:keep 'kept' trace:sample(0, 'share') trace:rate_limit(0, 'share')").run(
      TraceHarness.trace())
    #expect(outcome.spans.count == 3)
  }

  @Test("counts a rate apart for each group")
  func groups() throws {
    let harness = try TraceHarness(
      "trace:rate_limit(1, 'share', trace.root.resource['service.name'])")
    let services: [String] = ["a", "a", "b", "a", "b"]
    let kept = services.enumerated().map { (index: Int, service: String) -> Int in
      harness.run([
        TraceHarness.span(1, parent: 0, 0, 1, service: service) {
          $0.traceID = TraceID(high: 7, low: UInt64(index + 1))
        }
      ]).spans.count
    }
    #expect(kept == [1, 0, 1, 0, 0])
  }

  @Test("may stand beside a hook for spans, which comes first")
  func both() throws {
    let outcome = try TraceHarness(
      "trace:set('count', trace.root.attributes.count + 1)",
      tail: "on_span = function(span) span.attributes.count = 1 end,"
    ).run(TraceHarness.trace())
    #expect(outcome.failures == [])
    #expect(outcome.values("count") == [1: 2, 2: 2, 3: 2])
  }

  @Test("can be switched off by a setting, and then nobody looks at traces")
  func switchedOff() throws {
    let text =
      "local settings = settings { whole = flag(false) } return rule { about = 'x', can = { set = { flag = 'boolean' } }, "
      + "on_trace = settings.whole and function(trace) trace:set('flag', true) end }"
    #expect(try !RuleHarness(["rule": text]).host.ruleSet.wantsTraces)
    let on = try RuleHarness(["rule": text], settings: ["rule": ["whole": "true"]])
    #expect(on.host.ruleSet.wantsTraces)
    #expect(on.run().spans.first?["flag"] == true)
  }
}
