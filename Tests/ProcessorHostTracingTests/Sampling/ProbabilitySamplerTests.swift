internal import BuiltinProcessors
internal import ProcessorHost
internal import ProcessorHostTracing
internal import TestSupport
internal import Testing

@Suite("Consistent probability sampling at the start of spans")
struct ProbabilitySamplerTests {
  private static let half: UInt64 = 1 << 55

  @Test("a root is sampled where its randomness reaches the threshold, which it then carries")
  func root() throws {
    let sampler = try #require(ProbabilitySampler(ratio: 0.5))
    let sampled = sampler.decide(.random(Self.half))
    #expect(sampled.decision == .recordAndSample)
    #expect(sampled.traceState.description == "ot=th:8")
    let dropped = sampler.decide(.random(Self.half - 1))
    #expect(dropped.decision == .drop)
    #expect(dropped.traceState.isEmpty)
  }

  @Test("a ratio of 1 samples all and says so, a ratio of 0 samples none")
  func extremes() throws {
    let all = try #require(ProbabilitySampler(ratio: 1))
    #expect(all.decide(.random(0)).decision == .recordAndSample)
    #expect(all.decide(.random(0)).traceState.description == "ot=th:0")
    let none = try #require(ProbabilitySampler(ratio: 0))
    #expect(none.decide(.random(1 << 56 - 1)).decision == .drop)
    let least = try #require(ProbabilitySampler(ratio: 1e-300))
    #expect(least.decide(.random(1 << 56 - 1)).decision == .recordAndSample)
    #expect(least.decide(.random(1 << 56 - 2)).decision == .drop)
  }

  @Test("randomness that the trace state gives decides in place of the trace id, and goes on")
  func explicitRandomness() throws {
    let sampler = try #require(ProbabilitySampler(ratio: 0.5))
    let low = SpanContext.parent(.random(1 << 56 - 1), traceState: try TraceState("ot=rv:7fffffffffffff,a=1"))
    #expect(sampler.decide(low.traceID, parent: low).decision == .drop)
    #expect(sampler.decide(low.traceID, parent: low).traceState == low.traceState)
    let high = SpanContext.parent(.random(0), traceState: try TraceState("a=1,ot=rv:80000000000000"))
    let result = sampler.decide(high.traceID, parent: high)
    #expect(result.decision == .recordAndSample)
    #expect(result.traceState.description == "ot=th:8;rv:80000000000000,a=1")
  }

  @Test("the parent's flag and threshold do not decide; its threshold is replaced, or removed")
  func parent() throws {
    let sampler = try #require(ProbabilitySampler(ratio: 0.5))
    for sampled in [false, true] {
      let high = SpanContext.parent(
        .random(1 << 56 - 1), sampled: sampled, traceState: try TraceState("a=1,ot=th:f;x:y"))
      let result = sampler.decide(high.traceID, parent: high)
      #expect(result.decision == .recordAndSample)
      #expect(result.traceState.description == "ot=th:8;x:y,a=1")
      let low = SpanContext.parent(.random(0), sampled: sampled, traceState: try TraceState("a=1,ot=th:0"))
      #expect(sampler.decide(low.traceID, parent: low).decision == .drop)
      #expect(sampler.decide(low.traceID, parent: low).traceState.description == "a=1")
    }
  }

  @Test("a threshold that is there already stays byte for byte")
  func unchanged() throws {
    let sampler = try #require(ProbabilitySampler(ratio: 0.5))
    let parent = SpanContext.parent(.random(1 << 56 - 1), traceState: try TraceState("a=1,ot=x:y;th:8"))
    #expect(sampler.decide(parent.traceID, parent: parent).traceState == parent.traceState)
  }

  @Test("a child of a parent-based sampler has its parent's threshold, or none where that had none")
  func parentBased() throws {
    let sampler = ParentBasedSampler(root: try #require(ProbabilitySampler(ratio: 0.5)))
    for (header, expected) in [("ot=th:c,a=1", "ot=th:c,a=1"), ("a=1", "a=1"), ("ot=x:y", "ot=x:y")] {
      let parent = SpanContext.parent(.random(1 << 56 - 1), traceState: try TraceState(header))
      let result = sampler.decide(parent.traceID, parent: parent)
      #expect(result.decision == .recordAndSample)
      #expect(result.traceState.description == expected)
    }
  }

  @Test("a sampled parent's threshold that its randomness does not reach does not go on")
  func inconsistentParent() throws {
    let sampler = ParentBasedSampler(root: AlwaysOnSampler())
    for (header, expected) in [
      ("a=1,ot=th:8", "a=1"), ("ot=th:8;rv:80000000000000", "ot=th:8;rv:80000000000000"),
      ("ot=th:8;rv:7fffffffffffff,a=1", "ot=rv:7fffffffffffff,a=1"),
    ] {
      let parent = SpanContext.parent(.random(Self.half - 1), traceState: try TraceState(header))
      let result = sampler.decide(parent.traceID, parent: parent)
      #expect(result.decision == .recordAndSample)
      #expect(result.traceState.description == expected)
    }
  }

  @Test("a trace is sampled here where the host behind it keeps it at the same ratio")
  func sameAsTheHost() throws {
    var generator = SeededGenerator(seed: 42)
    for ratio in [0.001, 0.1, 0.333, 0.75] {
      let here = try #require(ProbabilitySampler(ratio: ratio))
      let behind = try #require(ConsistentProbabilitySampler(ratio: ratio))
      for _ in 0..<2_000 {
        let id = TraceID(high: generator.next(), low: generator.next())
        let expected = [UInt8]().withUnsafeBufferPointer { behind.decide(traceID: id, traceState: $0) }
        let result = here.decide(id)
        #expect((result.decision == .recordAndSample) == expected.isSampled)
        // What was sampled here passes the host's sampler of the same ratio, and its threshold stays.
        guard expected.isSampled else { continue }
        let state = Array(result.traceState.description.utf8)
        let again = state.withUnsafeBufferPointer { behind.decide(traceID: id, traceState: $0) }
        #expect(again.isSampled)
        #expect(again.threshold == expected.threshold)
      }
    }
  }
}
