internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport
internal import Testing

/// Traces that are held by a host: over shards, queue and reloads.
@Suite("Traces that are held")
struct HeldTraceTests {
  private static let tagging = ClosureTraceProcessor("tagging") { $0.set("tagged", true) }

  private static func configuration(
    _ limits: TraceLimits = TraceLimits(), hiding name: String = "nothing", lanes: Int = 1
  ) -> SpanProcessorHost.Configuration {
    var configuration = SpanProcessorHost.Configuration(rules: rules(hiding: name), lanes: lanes)
    configuration.traces = limits
    configuration.traceProcessors = [tagging]
    return configuration
  }

  private static func rules(hiding name: String) -> RuleDirectory {
    RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, \"a\" }"),
      rules: [
        RuleSource(file: "a.lua", text: "return rule { about = \"t\", hide = { match.names { \"\(name)\" } } }")
      ])
  }

  private static func span(_ trace: UInt64, _ id: UInt64, parent: UInt64? = nil) -> PlainSpan {
    var span = PlainSpan()
    span.traceID = TraceID(high: trace, low: trace &* 0x9e37_79b9_7f4a_7c15)
    span.spanID = SpanID(id)
    span.parentSpanID = parent.map { SpanID($0) }
    span.attributes = [AttributeValue.Entry("secret", "hunter2")]
    return span
  }

  private static func batch(_ spans: [PlainSpan]) -> SpanBatch {
    Door().admit(spans.flatMap { $0.encodedRequest() }).takeBatch()
  }

  @Test("where nobody asks for whole traces none is held")
  func nothingHeld() async throws {
    var configuration = Self.configuration()
    configuration.traceProcessors = []
    let host = try SpanProcessorHost(configuration, natives: .builtin)
    #expect(await host.process(Self.batch([Self.span(1, 1)])).count == 1)
    #expect(await host.traceFigures() == TraceFigures())
  }

  @Test("without a place to hold traces, those of a batch are decided with it")
  func atOnce() async throws {
    var configuration = Self.configuration()
    configuration.traces = nil
    let host = try SpanProcessorHost(configuration, natives: .builtin)
    let spans = PlainSpan.all(
      in: await host.process(Self.batch([Self.span(1, 1), Self.span(2, 2), Self.span(1, 3, parent: 1)])))
    #expect(spans.map(\.spanID.value).sorted() == [1, 2, 3])
    #expect(spans.allSatisfy { $0.attributes.last == AttributeValue.Entry("tagged", true) })
    let ledger = await host.ledger()
    #expect(ledger.isBalanced && ledger.emitted == 3 && ledger.held == 0)
  }

  @Test("held spans leave by the clock, and take no room in the queue before")
  func throughTheQueue() async throws {
    let clock = ManualClock()
    let host = try SpanProcessorHost(Self.configuration(), natives: .builtin, clock: clock)
    let exporter = InMemoryExporter()
    let queue = SpanQueue(
      [ExportQueue(exporter, isRequired: true, hiding: host)], limits: SpanQueue.Limits(batchSize: 1, spans: 2))
    let intake = SpanIntake(host: host, queue: queue)
    for trace in 0..<10 as Range<UInt64> {
      let request = Self.span(trace, 1).encodedRequest()
      #expect(await intake.accept(request, format: .protobuf) == .accepted(refusedSpans: 0, reason: nil))
    }
    #expect(host.heldSpans == 10 && !queue.isFull)
    let before = await host.ledger()
    #expect(before.isBalanced && before.held == 10)
    clock.advance(by: .seconds(2))
    async let running: Void = queue.run()
    await host.drainTraces()
    queue.close()
    await running
    #expect(exporter.spans.count == 10)
    let after = await host.ledger()
    #expect(after.isBalanced && after.emitted == 10)
    #expect(queue.accounts.values.allSatisfy { $0.exported == 10 && $0.lost.isEmpty })
  }

  @Test("a trace is not decided before there is room for its spans")
  func waitsForRoom() async throws {
    let clock = ManualClock()
    let host = try SpanProcessorHost(Self.configuration(), natives: .builtin, clock: clock)
    let exporter = ExportQueue(InMemoryExporter(), isRequired: true, limits: ExportQueue.Limits(spans: 2))
    let queue = SpanQueue([exporter], limits: SpanQueue.Limits(batchSize: 1))
    host.deliverTraces(to: queue)
    for trace in 0..<10 as Range<UInt64> { _ = await host.process(Self.batch([Self.span(trace, 1)])) }
    clock.advance(by: .seconds(2))
    await host.advanceTraces()
    // Nobody takes anything from the queue. What is decided in one turn goes there together.
    #expect(host.heldSpans == 0)
    for trace in 10..<20 as Range<UInt64> { _ = await host.process(Self.batch([Self.span(trace, 1)])) }
    clock.advance(by: .seconds(2))
    await host.advanceTraces()
    #expect(host.heldSpans == 10)
  }

  @Test("a held trace is hidden by the set that decides, too")
  func reload() async throws {
    let clock = ManualClock()
    let host = try SpanProcessorHost(Self.configuration(hiding: "other"), natives: .builtin, clock: clock)
    let collected = CollectedTraces()
    host.deliverTraces(to: collected)
    _ = await host.process(Self.batch([Self.span(1, 1), Self.span(1, 2, parent: 1)]))
    try await host.replaceRules(with: Self.rules(hiding: "secret"))
    _ = await host.process(Self.batch([Self.span(1, 3, parent: 1)]))
    #expect(host.heldSpans == 3)
    clock.advance(by: .seconds(2))
    await host.advanceTraces()
    #expect(collected.batches.map(\.number) == [RuleSetNumber(2)])
    #expect(collected.spans.map(\.spanID.value) == [1, 2, 3])
    for span in collected.spans {
      #expect(
        span.attributes == [AttributeValue.Entry("secret", "[REDACTED]"), AttributeValue.Entry("tagged", true)])
    }
    #expect(await host.report().spansHiddenAgain == 3)
  }

  @Test("reloads under load lose nothing, and each decision is one set's", arguments: 1...3)
  func storm(_ seed: UInt64) async throws {
    let limits = TraceLimits(wait: .milliseconds(20), grace: .milliseconds(2), shards: 2)
    let host = try SpanProcessorHost(Self.configuration(limits, hiding: "other", lanes: 2), natives: .builtin)
    let collected = CollectedTraces()
    host.deliverTraces(to: collected)
    let (senders, requests, spansEach) = (4, 50, 20)
    let running = Task { await host.runTraces() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for sender in 0..<senders {
        group.addTask {
          var generator = SeededGenerator(seed: seed * 10 + UInt64(sender))
          for request in 0..<requests {
            let spans = (0..<spansEach).map { index in
              // Each sender has some of each trace.
              Self.span(
                UInt64(request * spansEach / 10) + generator.next() % 20,
                UInt64((sender * requests + request) * spansEach + index + 1), parent: index == 0 ? nil : 1)
            }
            _ = await host.process(Self.batch(spans))
          }
        }
      }
      // Sets that hide the secret have even numbers.
      for version in 2...9 {
        try await host.replaceRules(with: Self.rules(hiding: version % 2 == 0 ? "secret" : "other"))
      }
      try await group.waitForAll()
    }
    await host.drainTraces()
    running.cancel()
    let count = senders * requests * spansEach
    #expect(collected.spans.map(\.spanID.value).sorted() == (1...UInt64(count)).map(\.self))
    for batch in collected.batches where batch.number.value % 2 == 0 {
      for span in batch.spans { #expect(span.attributes.first?.value == "[REDACTED]") }
    }
    #expect(collected.spans.allSatisfy { $0.attributes.last == AttributeValue.Entry("tagged", true) })
    let ledger = await host.ledger()
    #expect(ledger.received == count && ledger.isBalanced && ledger.held == 0 && host.heldSpans == 0)
  }
}
