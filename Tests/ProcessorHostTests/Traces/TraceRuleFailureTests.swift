internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport
internal import Testing

@Suite("Rules that fail on held traces")
struct TraceRuleFailureTests {
  /// Does something bad to traces with a span `bad`, and marks the others.
  private static func failing(_ attack: String) -> String {
    """
    return rule {
      about = "t",
      can = { read = { "*" }, set = { marked = "boolean" }, drop = { "bad" } },
      on_trace = function(trace)
        trace:set("marked", true)
        if trace:any(function(span) return span.name == "bad" end) then
          trace:drop "bad"
          \(attack)
        end
      end,
    }
    """
  }

  private static let tagging =
    "return rule { about = \"t\", can = { set = { tagged = \"boolean\" } }, on_trace = function(trace) "
    + "trace:set(\"tagged\", true) end }"

  private static func trace(_ number: UInt64, isBad: Bool) -> [PlainSpan] {
    var child = PlainSpan.of(trace: number, id: 2, parent: 1)
    child.name = isBad ? "bad" : "good"
    return [child, .of(trace: number, id: 1)]
  }

  @Test(
    "one that fails, loops or takes all memory keeps the trace as it came, and harms no other",
    arguments: [
      "error('x')", "local x = nil .. trace", "while true do end", "pcall(function() while true do end end)",
      "local t = {} while true do t[#t + 1] = ('x'):rep(1000) end", "local function f() return f() + 1 end f()",
      "trace:set('other', true)",
    ])
  func attacks(_ attack: String) async throws {
    let traces = try TraceRuleHost(["failing": Self.failing(attack), "tagging": Self.tagging])
    for number in 0..<30 as Range<UInt64> { await traces.add(Self.trace(number, isBad: number % 3 == 0)) }
    await traces.move(to: .seconds(2))
    await traces.add((0..<30).map { .of(trace: $0, id: 3, parent: 1) })
    #expect(traces.collected.spans.count == 90 && traces.host.heldSpans == 0)
    for span in traces.collected.spans {
      #expect(span["marked"] == (span.traceID.high % 3 == 0 ? nil : true))
      #expect(span["tagged"] == true)
    }
    let ledger = await traces.host.ledger()
    #expect(ledger.failures.values.reduce(0, +) == 10)
    #expect(ledger.failures.keys.allSatisfy { $0.hasPrefix("failing.lua:") })
    #expect(ledger.dropped.isEmpty && ledger.isBalanced && ledger.emitted == 90)
  }

  @Test("one that fails on many traces in a row is left out for a while, and all of them are kept")
  func breaker() async throws {
    let rules: KeyValuePairs = ["failing": Self.failing("error('x')"), "tagging": Self.tagging]
    let traces = try TraceRuleHost(rules, TraceLimits(grace: .zero, shards: 1))
    let failures = CircuitBreaker.threshold
    let skipped = CircuitBreaker.pause
    for number in 0..<UInt64(failures + skipped + 1) {
      await traces.add(Self.trace(number, isBad: number < failures))
    }
    await traces.end()
    #expect(traces.collected.spans.count == 2 * (failures + skipped + 1))
    #expect(traces.collected.spans.allSatisfy { $0["tagged"] == true })
    // Only the last is looked at again.
    let marked = Set(traces.collected.spans.filter { $0["marked"] == true }.map(\.traceID.high))
    #expect(marked == [UInt64(failures + skipped)])
    let ledger = await traces.host.ledger()
    #expect(ledger.skipped == ["failing": 2 * skipped])
    #expect(ledger.failures.values.reduce(0, +) == failures && ledger.isBalanced)
  }

  @Test("late spans follow what the rule has decided")
  func lateSpans() async throws {
    let deciding = """
      return rule {
        about = "t",
        can = {
          read = { "name", "trace.id" }, set = { all = "boolean", own = "boolean" }, sample = { "half", "limit" },
          drop = { "bad" },
        },
        on_trace = function(trace)
          local kind = tonumber(trace.id:sub(16, 16), 16)
          trace:set("all", true)
          trace.root:set("own", true)
          if kind == 1 then trace:drop "bad" end
          if kind == 2 then trace:sample(0, "half") end
          if kind == 3 then trace:sample(0.5, "half") end
          if kind == 4 then trace:rate_limit(1000, "limit") end
        end,
      }
      """
    let traces = try TraceRuleHost(["deciding": deciding])
    var last: [UInt64: PlainSpan] = [:]
    for kind in 0...4 as ClosedRange<UInt64> {
      // The randomness is in the last bytes of the id: all of these are above the half.
      var root = PlainSpan.of(trace: kind, id: 1)
      root.traceID = TraceID(high: kind, low: .max)
      root.traceState = "ot=th:0"
      await traces.add([root])
      last[kind] = root
    }
    await traces.move(to: .seconds(2))
    #expect(traces.collected.spans.map(\.traceID.high).sorted() == [0, 3, 4])
    for kind in 0...4 as ClosedRange<UInt64> {
      var span = try #require(last[kind])
      span.spanID = SpanID(2)
      span.parentSpanID = SpanID(1)
      await traces.add([span])
    }
    let late = traces.collected.spans.filter { $0.spanID.value == 2 }
    #expect(late.map(\.traceID.high) == [0, 3, 4])
    #expect(late.map(\.traceState) == ["ot=th:0", "ot=th:8", ""])
    #expect(late.allSatisfy { $0["all"] == true && $0["own"] == nil })
    let figures = await traces.host.traceFigures()
    #expect(figures.lateKept == 3 && figures.lateDropped == 2 && figures.heldSpans == 0)
    let ledger = await traces.host.ledger()
    #expect(ledger.dropped == ["bad": 2] && ledger.sampledOut == ["half": 2] && ledger.isBalanced)
  }
}
