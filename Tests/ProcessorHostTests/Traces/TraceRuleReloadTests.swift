internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport
internal import Testing

@Suite("Reloads while rules hold traces")
struct TraceRuleReloadTests {
  /// Says which version decided, and whether it could see a secret; those with even numbers hide it.
  private static func stamping(_ version: Int) -> KeyValuePairs<String, String> {
    [
      "stamping": """
      return rule {
        about = "t",
        hide = { match.names { "\(version % 2 == 0 ? "secret" : "other")" } },
        can = { read = { "attributes.secret" }, set = { version = "integer", leak = "boolean" } },
        on_trace = function(trace)
          trace:set("version", \(version))
          trace:set("leak", trace:any(function(span) return span.attributes.secret == "hunter2" end))
        end,
      }
      """
    ]
  }

  /// Looks at no trace.
  private static let plain: KeyValuePairs<String, String> = [
    "plain": "return rule { about = \"t\", hide = { match.names { \"secret\" } } }"
  ]

  private static func withSecret(_ span: PlainSpan) -> PlainSpan {
    var span = span
    span.attributes.append(AttributeValue.Entry("secret", "hunter2"))
    return span
  }

  @Test("no held trace is lost, each decision is one set's, and it sees what its own set hides", arguments: 0..<6)
  func versions(_ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    let traces = try TraceRuleHost(Self.stamping(1))
    var model = TraceModel(wait: .seconds(30), grace: .seconds(2)) { _ in true }
    var version = 1
    var decidedUnder: [TraceID: Int] = [:]
    for (index, (now, requests)) in TraceTraffic().steps(senders: 4, &generator).enumerated() {
      if index % 4 == 3 {
        version += 1
        try await traces.replaceRules(Self.stamping(version))
      }
      await traces.move(to: now)
      model.advance(to: now)
      for id in model.order where decidedUnder[id] == nil { decidedUnder[id] = version }
      await withDiscardingTaskGroup { group in
        for spans in requests { group.addTask { await traces.add(spans.map(Self.withSecret)) } }
      }
      for span in requests.joined() { model.add(span, at: now) }
      #expect(traces.host.heldSpans == model.heldSpans)
    }
    await traces.end()
    model.end()
    for id in model.order where decidedUnder[id] == nil { decidedUnder[id] = version }
    #expect(version > 3)
    #expect(traces.left == model.left)
    #expect(traces.values("version") == decidedUnder.mapValues { [.int(Int64($0))] })
    for batch in traces.collected.batches {
      for span in batch.spans {
        if batch.number.value % 2 == 0 { #expect(span["secret"] == "[REDACTED]") }
        if let version = decidedUnder[span.traceID], version % 2 == 0 { #expect(span["leak"] == false) }
      }
    }
    let ledger = await traces.host.ledger()
    #expect(ledger.isBalanced && ledger.held == 0 && ledger.failures.isEmpty)
  }

  @Test("a tightened set hides what was held before its decision sees it; a loosened one shows nothing again")
  func hiddenFirst() async throws {
    let traces = try TraceRuleHost(Self.stamping(1))
    await traces.add([1, 2].map { Self.withSecret(.of(trace: $0, id: 1)) })
    try await traces.replaceRules(Self.stamping(2))
    await traces.add([1, 3].map { Self.withSecret(.of(trace: $0, id: 2, parent: 1)) })
    await traces.move(to: .seconds(2))
    #expect(traces.collected.spans.count == 3)
    #expect(traces.collected.spans.allSatisfy { $0["secret"] == "[REDACTED]" && $0["leak"] == false })
    #expect(await traces.host.report().spansHiddenAgain == 3)
    try await traces.replaceRules(Self.stamping(3))
    await traces.move(to: .seconds(40))
    let last = try #require(traces.collected.spans.last)
    #expect(last.traceID.high == 3 && last["version"] == 3)
    #expect(last["secret"] == "[REDACTED]" && last["leak"] == false)
  }

  @Test("a late span follows the decision of the set before, and is hidden by the one that runs")
  func lateUnderAnother() async throws {
    let traces = try TraceRuleHost(Self.stamping(1))
    await traces.add([Self.withSecret(.of(trace: 1, id: 1))])
    await traces.move(to: .seconds(2))
    try await traces.replaceRules(Self.stamping(2))
    await traces.add([Self.withSecret(.of(trace: 1, id: 2, parent: 1))])
    #expect(traces.collected.batches.map(\.number.value) == [1, 2])
    #expect(traces.collected.spans.map { $0["version"] } == [1, 1])
    #expect(traces.collected.spans.map { $0["secret"] } == ["hunter2", "[REDACTED]"])
  }

  @Test("with a set that looks at no trace, what was held is decided without it, and nothing is held any more")
  func withoutTraceRules() async throws {
    let traces = try TraceRuleHost(Self.stamping(1))
    let held = (0..<10).flatMap {
      [PlainSpan.of(trace: $0, id: 2, parent: 1), .of(trace: $0, id: 1)].prefix($0 % 2 == 0 ? 2 : 1)
    }
    await traces.add(held.map(Self.withSecret))
    #expect(traces.host.heldSpans == 15)
    try await traces.replaceRules(Self.plain)
    #expect(traces.host.heldSpans == 0)
    #expect(await traces.host.traceFigures().decided == [.rules: 10])
    #expect(traces.left.count == 15 && traces.left.values.allSatisfy { $0 == 1 })
    #expect(traces.collected.spans.allSatisfy { $0["version"] == nil && $0["secret"] == "[REDACTED]" })
    #expect(await traces.add([Self.withSecret(.of(trace: 20, id: 1))]).map { $0["secret"] } == ["[REDACTED]"])
    // Back again: those of before are remembered, others held.
    try await traces.replaceRules(Self.stamping(3))
    await traces.add([.of(trace: 1, id: 1), .of(trace: 21, id: 1)])
    #expect(traces.host.heldSpans == 1 && traces.collected.spans.count == 16)
    await traces.end()
    #expect(traces.collected.spans.suffix(2).map { $0["version"] } == [nil, 3])
    let ledger = await traces.host.ledger()
    #expect(ledger.received == 18 && ledger.isBalanced && ledger.held == 0)
  }

  @Test("with such a set, too, what was held waits for room behind")
  func withoutTraceRulesAndRoom() async throws {
    let traces = try TraceRuleHost(Self.stamping(1))
    await traces.add((0..<10).map { .of(trace: $0, id: 1) })
    traces.collected.hasRoom = false
    try await traces.replaceRules(Self.plain)
    #expect(traces.host.heldSpans == 10)
    traces.collected.hasRoom = true
    await traces.host.advanceTraces()
    #expect(traces.host.heldSpans == 0 && traces.collected.spans.count == 10)
    #expect(await traces.host.traceFigures().decided == [.rules: 10])
  }

  @Test("under load, and with sets that look at no trace between, nothing is lost or torn", arguments: 1...3)
  func storm(_ seed: UInt64) async throws {
    let traces = try TraceRuleHost(Self.stamping(1), TraceLimits(wait: .zero, grace: .zero, shards: 3))
    let (senders, requests, spansEach) = (4, 40, 20)
    let running = Task { await traces.host.runTraces() }
    let passed = try await withThrowingTaskGroup(of: [PlainSpan].self) { group in
      for sender in 0..<senders {
        group.addTask {
          var generator = SeededGenerator(seed: seed * 10 + UInt64(sender))
          var passed: [PlainSpan] = []
          for request in 0..<requests {
            let spans = (0..<spansEach).map { index in
              // Each sender has some of each trace.
              Self.withSecret(
                .of(
                  trace: UInt64(request * spansEach / 10) + generator.next() % 20,
                  id: UInt64((sender * requests + request) * spansEach + index + 1), parent: index == 0 ? nil : 1))
            }
            passed += await traces.add(spans)
            traces.clock.advance(by: .milliseconds(50))
          }
          return passed
        }
      }
      for version in 2...10 {
        try await traces.replaceRules(version % 3 == 0 ? Self.plain : Self.stamping(version))
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    await traces.end()
    running.cancel()
    let count = senders * requests * spansEach
    let all = passed + traces.collected.spans
    #expect(all.map(\.spanID.value).sorted() == (1...UInt64(count)).map(\.self))
    // A trace is decided once: what is tagged at all is tagged by one version.
    #expect(traces.values("version").values.allSatisfy { $0.count == 1 })
    for batch in traces.collected.batches where [2, 3, 4, 6, 8, 9, 10].contains(batch.number.value) {
      #expect(batch.spans.allSatisfy { $0["secret"] == "[REDACTED]" })
    }
    let ledger = await traces.host.ledger()
    #expect(ledger.received == count && ledger.isBalanced && ledger.held == 0 && traces.host.heldSpans == 0)
  }
}
