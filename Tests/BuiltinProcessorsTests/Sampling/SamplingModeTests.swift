internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("The ratio that a processor asks for")
struct SamplingModeTests {
  /// The trace states of what is left of spans that arrived at 50 %, after half is asked for.
  private func survivors(_ mode: ConsistentProbabilitySampler.Mode) async throws -> [String] {
    let host = try SpanProcessorHost(
      SpanProcessorHost.Configuration(processors: [RatioSampler(ratio: 0.5)]), samplingMode: mode)
    var states: [String] = []
    for randomness in stride(from: UInt64(0), to: 1 << 56, by: 1 << 48) {
      var span = PlainSpan()
      span.traceID = TraceID(high: 1, low: randomness | 1)
      span.traceState = "ot=th:8"
      // What does not reach its own threshold would not have arrived.
      if randomness < 1 << 55 { continue }
      let batch = await host.process(Door().admit(span.encodedRequest()).takeBatch())
      states += PlainSpan.all(in: batch).map(\.traceState)
    }
    return states
  }

  @Test("is a share of all spans there were, so that those at 50 % already pass as they are")
  func equalizing() async throws {
    #expect(try await survivors(.equalizing) == Array(repeating: "ot=th:8", count: 128))
  }

  @Test("is a share of the spans that arrive, where that is asked for")
  func proportional() async throws {
    #expect(try await survivors(.proportional) == Array(repeating: "ot=th:c", count: 64))
  }
}
