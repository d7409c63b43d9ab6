internal import ProcessorHost
internal import ProcessorHostTracing
internal import TestSupport
internal import Testing
internal import Tracing

@Suite("Samplers")
struct SamplerTests {
  private let traceID = TraceID(high: 1, low: 2)

  @Test("always on samples, always off drops, and both pass the parent's trace state on")
  func constant() throws {
    let parent = SpanContext.parent(traceID, sampled: false, traceState: try TraceState("a=1,ot=th:8"))
    for (sampler, decision) in [
      (AlwaysOnSampler() as any Sampler, SamplingResult.Decision.recordAndSample), (AlwaysOffSampler(), .drop),
    ] {
      #expect(sampler.decide(traceID).decision == decision)
      #expect(sampler.decide(traceID).traceState.isEmpty)
      #expect(sampler.decide(traceID, parent: parent).decision == decision)
      #expect(sampler.decide(traceID, parent: parent).traceState == parent.traceState)
    }
  }

  @Test("descriptions are in the specification's words")
  func descriptions() throws {
    #expect(AlwaysOnSampler().description == "AlwaysOnSampler")
    #expect(AlwaysOffSampler().description == "AlwaysOffSampler")
    #expect(try #require(TraceIDRatioBasedSampler(ratio: 0.25)).description == "TraceIdRatioBased{0.25}")
    #expect(try #require(TraceIDRatioBasedSampler(ratio: 0.000_015)).description == "TraceIdRatioBased{0.000015}")
    #expect(try #require(ProbabilitySampler(ratio: 0.25)).description == "ProbabilitySampler{0.25}")
    let description = ParentBasedSampler(root: AlwaysOffSampler()).description
    #expect(description.hasPrefix("ParentBased{root:AlwaysOffSampler,remoteParentSampled:AlwaysOnSampler,"))
  }

  @Test("ratios outside of 0 to 1 make no sampler", arguments: [-0.1, 1.1, .nan, .infinity])
  func ratios(_ ratio: Double) {
    #expect(TraceIDRatioBasedSampler(ratio: ratio) == nil)
    #expect(ProbabilitySampler(ratio: ratio) == nil)
  }

  @Test("by ratio, a trace is sampled where its last eight bytes are below that share")
  func ratioBound() throws {
    let half = try #require(TraceIDRatioBasedSampler(ratio: 0.5))
    #expect(half.decide(TraceID(high: .max, low: 1 << 63 - 1)).decision == .recordAndSample)
    #expect(half.decide(TraceID(high: 0, low: 1 << 63)).decision == .drop)
    let all = try #require(TraceIDRatioBasedSampler(ratio: 1))
    #expect(all.decide(TraceID(high: 0, low: .max)).decision == .recordAndSample)
    let none = try #require(TraceIDRatioBasedSampler(ratio: 0))
    #expect(none.decide(TraceID(high: 1, low: 0)).decision == .drop)
  }

  @Test("by ratio, the parent's flag does not count")
  func ratioIgnoresParent() throws {
    let sampler = try #require(TraceIDRatioBasedSampler(ratio: 0.5))
    for low in [UInt64(1), .max] {
      let id = TraceID(high: 1, low: low)
      for sampled in [false, true] {
        #expect(sampler.decide(id, parent: .parent(id, sampled: sampled)).decision == sampler.decide(id).decision)
      }
    }
  }

  @Test("by ratio, a sampled span goes on without a threshold that another sampler wrote")
  func ratioErasesThreshold() throws {
    let sampler = try #require(TraceIDRatioBasedSampler(ratio: 1))
    let parent = SpanContext.parent(traceID, traceState: try TraceState("a=1,ot=th:8;x:y,b=2"))
    #expect(sampler.decide(traceID, parent: parent).traceState.description == "ot=x:y,a=1,b=2")
  }

  @Test("what a lower ratio samples, a higher one samples too, and each samples its share")
  func shares() throws {
    var generator = SeededGenerator(seed: 41)
    let ids = (0..<20_000).map { _ in TraceID(high: generator.next(), low: generator.next()) }
    let ratios = [0.01, 0.1, 0.25, 0.5, 0.9]
    for make in [
      { (ratio: Double) in TraceIDRatioBasedSampler(ratio: ratio) as (any Sampler)? },
      { ProbabilitySampler(ratio: $0) },
    ] {
      var before: Set<TraceID> = []
      for ratio in ratios {
        let sampler = try #require(make(ratio))
        let sampled = Set(ids.filter { sampler.decide($0).decision == .recordAndSample })
        #expect(before.isSubset(of: sampled))
        let expected = ratio * 20_000
        let deviation = (expected * (1 - ratio)).squareRoot()
        #expect(abs(Double(sampled.count) - expected) < 5 * deviation, "\(sampler.description)")
        before = sampled
      }
    }
  }

  @Test("parent-based, each case asks its sampler")
  func parentCases() {
    /// Marks its result with a trace state, by which the test knows it.
    struct Marked: Sampler {
      let mark: String
      var description: String { mark }
      func shouldSample(
        parent: SpanContext?, traceID: TraceID, name: String, kind: Tracing.SpanKind, attributes: SpanAttributes
      ) -> SamplingResult {
        SamplingResult(.recordOnly, traceState: (try? TraceState("mark=\(mark)")) ?? TraceState())
      }
    }
    let sampler = ParentBasedSampler(
      root: Marked(mark: "root"), remoteParentSampled: Marked(mark: "rs"), remoteParentNotSampled: Marked(mark: "rn"),
      localParentSampled: Marked(mark: "ls"), localParentNotSampled: Marked(mark: "ln"))
    #expect(sampler.decide(traceID).traceState["mark"] == "root")
    for (sampled, remote, mark) in [(true, true, "rs"), (false, true, "rn"), (true, false, "ls"), (false, false, "ln")]
    {
      let result = sampler.decide(traceID, parent: .parent(traceID, sampled: sampled, remote: remote))
      #expect(result.traceState["mark"] == mark)
      #expect(result.decision == .recordOnly)
    }
  }

  @Test(
    "parent-based, by default, does as the parent did, and passes its trace state on", arguments: [false, true],
    [false, true])
  func parentDefaults(_ sampled: Bool, _ remote: Bool) throws {
    let parent = SpanContext.parent(traceID, sampled: sampled, remote: remote, traceState: try TraceState("a=1"))
    let result = ParentBasedSampler(root: AlwaysOffSampler()).decide(traceID, parent: parent)
    #expect(result.decision == (sampled ? .recordAndSample : .drop))
    #expect(result.traceState == parent.traceState)
  }
}
