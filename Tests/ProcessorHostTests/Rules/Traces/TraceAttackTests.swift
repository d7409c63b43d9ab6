internal import ProcessorHost
internal import Testing

@Suite("A hostile on_trace hurts nobody but itself")
struct TraceAttackTests {
  /// A chain of spans.
  private static let many: [PlainSpan] = (1...2_000).map { (id: UInt64) -> PlainSpan in
    TraceHarness.span(id, parent: id - 1, 0, id, "s")
  }

  /// Ways to go on for ever, to take all memory, and to break out of a call from inside of one.
  private static let attacks: [String] = [
    "while true do end", "local t = {} while true do t[#t + 1] = trace.spans[1] end",
    "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) end", "while true do local s = trace.services end",
    "while true do trace:self_time(trace.root) end", "while true do trace:critical_path() end",
    "while true do trace:set('flag', true) end", "while true do trace.root:set('named', trace.root) end",
    "trace:any(function(span) error('stop') end)", "trace:all(function(span) while true do end end)",
    "trace:any(function(span) pcall(function() while true do end end) return false end)",
    "local function deep(span) return trace:any(deep) end trace:any(deep)",
    "while true do pcall(trace.any, trace, function(span) error(span) end) end",
    "trace:any(function(span) for key in pairs(span.attributes) do end for _ in ipairs(trace.spans) do end end)",
    "while true do trace:rate_limit(1, 'share', tostring(trace.span_count)) end", "error(trace.root)",
    "local n = 0 while true do n = n + 1 trace:sample_dynamic(n, 'share', tostring(n)) end",
    "local t = trace.spans[1] t.x = t", "trace.root.set(1, 'flag', true)", "trace.root.set(trace, 'flag', true)",
    "trace.set(trace.root, 'flag', true)", "trace.any(trace.root, function() end)", "trace:self_time(trace.spans)",
    "trace:set(('k'):rep(100000), true)", "trace:touches(('k'):rep(100000), {}) error()",
  ]

  @Test("It fails at a limit, its trace is kept as it came, and the next one is looked at", arguments: attacks)
  func contained(attack: String) throws {
    let hook = "trace:set('kind', 'a') if trace.span_count > 10 then trace:drop 'noise' \(attack) end"
    let harness = try TraceHarness(hook)
    let first = harness.run(Self.many)
    #expect(first.failures.count == 1)
    #expect(first.spans.count == Self.many.count)
    #expect(first.spans.allSatisfy { $0["kind"] == nil && $0["flag"] == nil && $0["named"] == nil })
    #expect(!first.failures.joined().contains("processor time"))
    let next = harness.run(TraceHarness.trace())
    #expect(next.values("kind") == [1: "a", 2: "a", 3: "a"])
  }

  @Test("It takes the same steps each time", arguments: attacks.prefix(14))
  func deterministic(attack: String) throws {
    let steps = try (0..<2).map { _ in
      let harness = try TraceHarness(attack)
      _ = harness.run(Self.many)
      return harness.rules.steps
    }
    #expect(steps[0] == steps[1])
    #expect(steps[0] > 0)
    #expect(steps[0] <= 100_000 + 200 * Self.many.count)
  }

  @Test("A span cannot be kept from one trace to the next")
  func keptSpan() throws {
    // An upvalue of a function that is made in the call is not set back, and the function goes with the call; what
    // outlives it is set back.
    let harness = try TraceHarness(
      "if trace.span_count == 3 then keep(trace.root) else trace:set('flag', kept() ~= nil) end",
      header:
        "local box = {} local function keep(span) local ok = pcall(function() box.span = span end) assert(not ok) end "
        + "local function kept() return box.span end")
    #expect(harness.run(TraceHarness.trace()).failures == [])
    let next = harness.run([TraceHarness.span(1, parent: 0, 0, 1) { $0.traceID = TraceID(high: 3, low: 3) }])
    #expect(next.failures == [])
    #expect(next.values("flag") == [1: false])
  }

  @Test("A trace of ten thousand spans is walked over within the limits")
  func large() throws {
    let spans = (0..<10_000).map { (index: UInt64) -> PlainSpan in
      let parent: UInt64 = index == 0 ? 0 : (index - 1) / 3 + 1
      return TraceHarness.span(index + 1, parent: parent, 0, 5, "s") {
        $0.attributes = [.init("n", .int(Int64(index)))]
      }
    }
    let outcome = try TraceHarness(
      """
      local sum, longest = 0, 0
      for _, span in ipairs(trace.spans) do
        sum = sum + span.attributes.n
        longest = math.max(longest, trace:self_time(span))
      end
      if trace:none(function(span) return span.attributes.n == 10000 end) then trace.root:set('count', sum) end
      trace.root:set('share', longest + #trace:critical_path())
      """
    ).run(spans)
    #expect(outcome.failures == [])
    #expect(outcome.values("count")[1] == .int(49_995_000))
    #expect(outcome.values("share")[1] != nil)
  }
}
