internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("A rule that samples traces by their kind")
struct TraceSampleDynamicTests {
  private static func directory(_ tail: String = "") -> RuleDirectory {
    let rule = """
      return rule { about = "t", can = { read = { "resource.*" }, sample = { "rate" } },
        on_trace = function(trace)
          trace:sample_dynamic(1, "rate", trace.root.resource["service.name"])
        end }\(tail)
      """
    return RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, 'sample' }"),
      rules: [RuleSource(file: "sample.lua", text: rule)])
  }

  private static func traces(_ count: Int, of service: String, from first: Int = 0) -> [UInt8] {
    var request: [UInt8] = []
    for number in UInt64(first)..<UInt64(first + count) {
      let span = TraceHarness.span(1, parent: 0, 0, 1, service: service) {
        // Randomness in even steps over its range.
        $0.traceID = TraceID(high: number + 1, low: number % 500 * ((1 << 56) / 500))
      }
      request += span.encodedRequest()
    }
    return request
  }

  private static func kept(_ host: SpanProcessorHost, _ request: [UInt8]) async -> Int {
    await host.process(Door().admit(request).takeBatch()).count
  }

  @Test("keeps rare kinds whole, and what was counted outlives a reload")
  func reload() async throws {
    let clock = ManualClock()
    var natives = RuleNatives.builtin
    natives.rateLimits = { RateLimits(clock: clock) }
    let host = try SpanProcessorHost(.init(rules: Self.directory()), natives: natives)
    _ = await Self.kept(host, Self.traces(500, of: "busy"))
    clock.advance(by: .seconds(10))
    try await host.replaceRules(with: Self.directory(" -- the same"))
    // Ten in ten seconds: five of the rare kind, and 5/500 of the busy one.
    #expect(await Self.kept(host, Self.traces(5, of: "rare")) == 5)
    let busy = await Self.kept(host, Self.traces(500, of: "busy", from: 10_000))
    #expect((3...8).contains(busy))
  }

  @Test("does not count traces that are kept or dropped before")
  func settled() async throws {
    for verb in ["trace:keep 'kept'", "trace:drop 'noise'"] {
      let harness = try TraceHarness(
        """
        if trace.root.resource['service.name'] == 'busy' then \(verb) end
        trace:sample_dynamic(1, 'share', 'all')
        """)
      _ = harness.rules.run(request: Self.traces(500, of: "busy"))
      #expect(harness.rules.run(request: Self.traces(5, of: "rare")).spans.count == 5)
    }
  }

  @Test("takes those without a key for one kind")
  func noKey() throws {
    let harness = try TraceHarness("trace:sample_dynamic(1, 'share', trace.root.attributes.tenant)")
    let outcome = harness.rules.run(request: Self.traces(500, of: "busy"))
    #expect(outcome.failures == [])
    // The first that come, for all of a kind that comes so often in its first second.
    #expect((7..<40).contains(outcome.spans.count))
  }
}
