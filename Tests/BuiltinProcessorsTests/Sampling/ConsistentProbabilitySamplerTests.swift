internal import BuiltinProcessors
internal import ProcessorHost
import TestSupport
import Testing

@Suite("Consistent probability sampling")
struct ConsistentProbabilitySamplerTests {
  private func decide(
    _ ratio: Double, _ randomness: UInt64, _ state: String = "", _ mode: ConsistentProbabilitySampler.Mode = .equalizing
  ) throws -> (isSampled: Bool, threshold: SamplingThreshold?) {
    let sampler = try #require(ConsistentProbabilitySampler(ratio: ratio, mode: mode))
    // The first byte of the last eight is not part of the randomness.
    let traceID = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xff << 56 | randomness)
    return Array(state.utf8).withUnsafeBufferPointer { sampler.decide(traceID: traceID, traceState: $0) }
  }

  @Test("A span is kept where its randomness reaches the threshold")
  func border() throws {
    let kept = try decide(0.25, 0xc0_0000_0000_0000)
    #expect(kept.isSampled)
    #expect(kept.threshold?.probability == 0.25)
    let dropped = try decide(0.25, 0xbf_ffff_ffff_ffff)
    #expect(!dropped.isSampled)
    #expect(dropped.threshold == nil)
  }

  @Test("Explicit randomness stands in for the trace id")
  func explicitRandomness() throws {
    #expect(try decide(0.5, 0, "ot=rv:80000000000000").isSampled)
    #expect(try !decide(0.5, 0xff_ffff_ffff_ffff, "ot=rv:7fffffffffffff").isSampled)
    #expect(try decide(0.5, 0xff_ffff_ffff_ffff, "ot=rv:7FFFFFFFFFFFFF").isSampled)
  }

  @Test("Equalizing: a span that was thinned out more already passes as it is, any other meets the ratio")
  func equalizing() throws {
    let rarer = try decide(0.5, 0xe0_0000_0000_0000, "ot=th:c")
    #expect(rarer.isSampled)
    #expect(rarer.threshold?.probability == 0.25)
    let commoner = try decide(0.25, 0xe0_0000_0000_0000, "ot=th:8")
    #expect(commoner.isSampled)
    #expect(commoner.threshold?.probability == 0.25)
    #expect(try !decide(0.25, 0xa0_0000_0000_0000, "ot=th:8").isSampled)
  }

  @Test("Proportional: probabilities multiply")
  func proportional() throws {
    let kept = try decide(0.5, 0xe0_0000_0000_0000, "ot=th:8", .proportional)
    #expect(kept.isSampled)
    #expect(kept.threshold?.probability == 0.25)
    #expect(try !decide(0.5, 0xb0_0000_0000_0000, "ot=th:8", .proportional).isSampled)
    #expect(try decide(0.5, 0x80_0000_0000_0000, "", .proportional).threshold?.probability == 0.5)
  }

  @Test("Proportional: below the smallest probability nothing is kept, and rounding never lowers a threshold")
  func proportionalLimits() throws {
    #expect(try !decide(0.5, 0xff_ffff_ffff_ffff, "ot=th:ffffffffffffff", .proportional).isSampled)
    let decision = try decide(1.0.nextDown, 0xff_ffff_ffff_ffff, "ot=th:80001", .proportional)
    #expect(try #require(decision.threshold).value == 0x80_0010_0000_0000)
  }

  @Test("A threshold that the randomness does not reach is erased, and the ratio alone decides")
  func inconsistent() throws {
    for mode in [ConsistentProbabilitySampler.Mode.equalizing, .proportional] {
      let kept = try decide(0.5, 0x90_0000_0000_0000, "ot=th:c", mode)
      #expect(kept.isSampled)
      #expect(kept.threshold == nil)
      #expect(try !decide(0.5, 0x70_0000_0000_0000, "ot=th:c", mode).isSampled)
    }
  }

  @Test("Ratio 1 keeps everything as it came", arguments: ["", "ot=th:8", "ot=th:f", "ot=th:8;th:8"])
  func one(state: String) throws {
    let decision = try decide(1, 0x90_0000_0000_0000, state)
    let incoming = Array(state.utf8).withUnsafeBufferPointer { OTelTraceState($0).threshold }
    #expect(decision.isSampled)
    #expect(decision.threshold == incoming)
  }

  @Test("Ratio 0 keeps nothing, whatever the span says of itself")
  func zero() throws {
    for mode in [ConsistentProbabilitySampler.Mode.equalizing, .proportional] {
      #expect(try !decide(0, 0xff_ffff_ffff_ffff, "ot=th:0", mode).isSampled)
    }
  }

  @Test("Ratios from 0 to 1 only; the smallest ones count as 2^-56")
  func ratios() throws {
    for outside in [-0.1, 1.1, .nan, .infinity] { #expect(ConsistentProbabilitySampler(ratio: outside) == nil) }
    #expect(try decide(0x1p-60, 0xff_ffff_ffff_ffff).isSampled)
    #expect(try !decide(0x1p-60, 0xff_ffff_ffff_fffe).isSampled)
  }

  @Test("A trace that is kept at one ratio is kept at every higher one")
  func monotonic() throws {
    let ratios = [1e-9, 0.0001, 0.01, 0.099999, 0.1, 0.1000001, 0.3, 0.5, 0.9, 0.99999, 1]
    let samplers = try ratios.map { try #require(ConsistentProbabilitySampler(ratio: $0)) }
    let none = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let id = TraceID(high: generator.next(), low: generator.next())
      let decisions = samplers.map { $0.decide(traceID: id, traceState: none).isSampled }
      #expect(decisions == decisions.sorted { !$0 && $1 })
    }
  }

  @Test("Of 100,000 random ids the ratio is kept, within five standard deviations", arguments: [0.001, 0.1, 0.5, 0.93])
  func share(ratio: Double) throws {
    let sampler = try #require(ConsistentProbabilitySampler(ratio: ratio))
    let none = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var generator = SeededGenerator(seed: 2)
    let count = 100_000.0
    let kept = (0..<100_000).count { _ in
      sampler.decide(traceID: TraceID(high: 0, low: generator.next()), traceState: none).isSampled
    }
    let deviation = (count * ratio * (1 - ratio)).squareRoot()
    #expect(abs(Double(kept) - count * ratio) < 5 * deviation)
  }
}
