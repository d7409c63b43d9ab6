internal import ProcessorHost
internal import TestSupport
internal import Testing

@Suite("Rules for whole traces, for any order in which spans come")
struct TraceRulePropertyTests {
  /// Decides by the last digit of the id, so that one knows what has to become of a trace, and says how much it saw.
  private static let deciding = """
    return rule {
      about = "t",
      can = {
        read = { "trace.id", "trace.span_count" }, set = { wanted = "boolean", seen = "integer" },
        sample = { "wanted", "ratio" }, drop = { "unwanted" },
      },
      on_trace = function(trace)
        trace:set("seen", trace.span_count)
        local digit = tonumber(trace.id:sub(-1), 16) % 4
        if digit == 0 then return trace:drop "unwanted" end
        if digit == 1 then return trace:sample(0.5, "ratio") end
        if digit == 2 then
          trace:keep "wanted"
          trace:set("wanted", true)
        end
      end,
    }
    """

  private static func keeps(_ id: TraceID) -> Bool {
    switch id.low % 4 {
    case 0: false
    case 1: id.low & (1 << 56 - 1) >= 1 << 55
    default: true
    }
  }

  @Test("every span is decided once and each trace as a whole, whoever brings it and when", arguments: 0..<10)
  func wholeTraces(_ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let traces = try TraceRuleHost(["deciding": Self.deciding])
    var model = TraceModel(wait: .seconds(30), grace: .seconds(2), keeps: Self.keeps)
    let steps = TraceTraffic().steps(senders: 4, &generator)
    for (now, requests) in steps {
      await traces.move(to: now)
      model.advance(to: now)
      await withDiscardingTaskGroup { group in
        for spans in requests { group.addTask { #expect(await traces.add(spans) == []) } }
      }
      for span in requests.joined() { model.add(span, at: now) }
      let ledger = await traces.host.ledger()
      #expect(ledger.isBalanced && ledger.held == model.heldSpans && traces.host.heldSpans == model.heldSpans)
    }
    await traces.end()
    model.end()
    #expect(traces.left == model.left)
    for span in traces.collected.spans {
      // What came late has what was decided for the others.
      #expect(span["seen"] == .int(Int64(model.sizes[span.traceID] ?? 0)))
      #expect((span["wanted"] == true) == (span.traceID.low % 4 == 2))
    }
    let ledger = await traces.host.ledger()
    let came = steps.map { $0.requests.joined().count }.reduce(0, +)
    #expect(ledger.received == came && ledger.isBalanced && ledger.held == 0)
    #expect(ledger.failures.isEmpty && ledger.emitted == model.left.values.reduce(0, +))
    let figures = await traces.host.traceFigures()
    #expect(figures.decided.values.reduce(0, +) == model.order.count && model.order.count == 200)
    #expect(figures.lateKept + figures.lateDropped == model.late && model.late > 0)
  }

  @Test("where there is too little room traces are decided early, and still as a whole", arguments: 0..<3)
  func tooLittleRoom(_ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let limits = TraceLimits(bytes: 256 << 10, traces: 60, spansPerTrace: 6, shards: 3)
    let traces = try TraceRuleHost(["deciding": Self.deciding], limits)
    var expected: [TraceModel.Left: Int] = [:]
    for (now, requests) in TraceTraffic(duration: .seconds(2), ballast: 500).steps(senders: 4, &generator) {
      await traces.move(to: now)
      await withDiscardingTaskGroup { group in
        for spans in requests { group.addTask { await traces.add(spans) } }
      }
      for span in requests.joined() where Self.keeps(span.traceID) {
        expected[TraceModel.Left(trace: span.traceID, span: span.spanID.value), default: 0] += 1
      }
      #expect(await traces.host.traceFigures().heldTraces <= 60)
    }
    await traces.end()
    #expect(traces.left == expected)
    // Late spans have what was decided for the others.
    #expect(traces.values("seen").allSatisfy { $0.value.count == 1 && $0.value.first != .empty })
    let figures = await traces.host.traceFigures()
    #expect(figures.decided[.earlyTraces] ?? 0 > 0 && figures.decided[.earlySpans] ?? 0 > 0)
    #expect(figures.decided.values.reduce(0, +) == 200)
    let ledger = await traces.host.ledger()
    #expect(ledger.isBalanced && ledger.held == 0 && ledger.failures.isEmpty)
  }
}
