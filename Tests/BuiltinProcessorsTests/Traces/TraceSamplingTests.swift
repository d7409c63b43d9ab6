internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport
internal import Testing

/// `ot=th` and the share that is kept, where traces are decided as a whole.
struct TraceSamplingTests {
  private static func sampling(_ ratio: Double) -> ClosureTraceProcessor {
    ClosureTraceProcessor("sampling") { $0.sample(ratio, "ratio") }
  }

  /// The share that a span stands for; nil where it does not say.
  private static func probability(_ span: PlainSpan) -> Double? {
    var state = span.traceState
    return state.withUTF8 { OTelTraceState($0).threshold?.probability }
  }

  @Test(arguments: [0.5, 0.1, 0.01])
  func theShareThatIsKeptIsTheOneAskedForAndCountsCanBeEstimated(_ ratio: Double) throws {
    var generator = SeededGenerator(seed: 7)
    let rig = try TraceRig(TraceLimits(), [Self.sampling(ratio)])
    let count = 20_000
    var spanCount = 0
    for trace in 0..<count {
      let spans = (1...UInt64.random(in: 1...4, using: &generator)).map {
        PlainSpan.of(trace: UInt64(trace), id: $0, parent: $0 == 1 ? nil : 1)
      }
      spanCount += spans.count
      rig.add(spans)
    }
    rig.end()
    let kept = Dictionary(grouping: rig.emitted, by: \.traceID)
    // Five standard deviations of a binomial.
    let deviation = (Double(count) * ratio * (1 - ratio)).squareRoot()
    #expect(abs(Double(kept.count) - Double(count) * ratio) < 5 * deviation)
    let estimate = rig.emitted.reduce(0.0) { $0 + 1 / (Self.probability($1) ?? 0) }
    #expect(abs(estimate - Double(spanCount)) < 5 * 4 * deviation / ratio)
    #expect(rig.ledger.sampledOut.keys.allSatisfy { $0 == "ratio" })
  }

  @Test(arguments: [ConsistentProbabilitySampler.Mode.equalizing, .proportional])
  func spansThatWereThinnedOutDifferentlyGoTogetherAndEachSaysWhatIsTrueOfIt(
    _ mode: ConsistentProbabilitySampler.Mode
  ) throws {
    let rig = try TraceRig(TraceLimits(), sampling: mode, [Self.sampling(0.25)])
    let count = 20_000
    let bound = 1 << 56 as UInt64
    for trace in 0..<count {
      var root = PlainSpan.of(trace: UInt64(trace), id: 1)
      root.traceState = "ot=th:8"
      var child = PlainSpan.of(trace: UInt64(trace), id: 2, parent: 1)
      child.traceState = "ot=th:e,other=1"
      let randomness = root.traceID.low & (bound - 1)
      // What earlier samplers leave of them: the half, and an eighth.
      var spans: [PlainSpan] = []
      if randomness >= bound / 2 { spans.append(root) }
      if randomness >= bound / 8 * 7 { spans.append(child) }
      if !spans.isEmpty { rig.add(spans) }
    }
    rig.end()
    let share = mode == .equalizing ? 0.25 : 0.125
    let kept = Dictionary(grouping: rig.emitted, by: \.traceID).count
    let deviation = (Double(count) * share * (1 - share)).squareRoot()
    #expect(abs(Double(kept) - Double(count) * share) < 5 * deviation)
    for id in [1, 2] as [UInt64] {
      let spans = rig.emitted.filter { $0.spanID.value == id }
      let estimate = spans.reduce(0.0) { $0 + 1 / (Self.probability($1) ?? 0) }
      let own = min(share, id == 1 ? 0.5 : 0.125)
      #expect(abs(estimate - Double(count)) < 5 * (Double(count) * (1 - own) / own).squareRoot())
    }
    #expect(rig.emitted.filter { $0.spanID.value == 2 }.allSatisfy { $0.traceState == "ot=th:e,other=1" })
  }

  @Test func theRandomnessOfTheRootDecidesForAllSpansOfItsTrace() throws {
    let rig = try TraceRig(TraceLimits(), [Self.sampling(0.5)])
    for trace in 0..<100 as Range<UInt64> {
      var root = PlainSpan.of(trace: trace, id: 1)
      root.traceState = trace % 2 == 0 ? "ot=rv:ffffffffffffff" : "ot=rv:00000000000001"
      rig.add([.of(trace: trace, id: 2, parent: 1), root])
    }
    rig.end()
    #expect(rig.emitted.filter { $0.spanID.value == 1 }.map(\.traceID.high) == (0..<50).map { $0 * 2 })
    #expect(rig.emitted.count == 100)
    for span in rig.emitted {
      if span.spanID.value == 1 {
        #expect(span.traceState == "ot=th:8;rv:ffffffffffffff")
      } else {
        // It knows the trace id only: where that falls below the threshold, `th` would not be true of it.
        let isAbove = span.traceID.low & (1 << 56 - 1) >= 1 << 55
        #expect(span.traceState == (isAbove ? "ot=th:8" : ""))
      }
    }
  }

  @Test func aRateLimitErasesTheThreshold() throws {
    let limiting = ClosureTraceProcessor("limiting") { trace in
      let isOdd = trace.traceID.high % 2 == 1
      trace.rateLimit("limit") { isOdd }
    }
    let rig = try TraceRig(TraceLimits(grace: .zero), [limiting])
    for trace in 0..<10 as Range<UInt64> {
      var span = PlainSpan.of(trace: trace, id: 1)
      span.traceState = "ot=th:0"
      rig.add([span])
    }
    rig.advance(to: 1)
    var late = PlainSpan.of(trace: 1, id: 2, parent: 1)
    late.traceState = "ot=th:0"
    rig.add([late], at: 2)
    #expect(rig.emitted.map(\.traceID.high) == [1, 3, 5, 7, 9, 1])
    #expect(rig.emitted.allSatisfy { $0.traceState.isEmpty })
    #expect(rig.ledger.sampledOut == ["limit": 5])
  }

  @Test func aLateSpanGetsTheThresholdOfItsTrace() throws {
    let rig = try TraceRig(TraceLimits(grace: .zero), [Self.sampling(0.5)])
    for trace in 0..<100 as Range<UInt64> { rig.add([.of(trace: trace, id: 1)]) }
    rig.advance(to: 1)
    let kept = Set(rig.emitted.map(\.traceID))
    for trace in 0..<100 as Range<UInt64> { rig.add([.of(trace: trace, id: 2, parent: 1)], at: 2) }
    let late = rig.emitted.filter { $0.spanID.value == 2 }
    #expect(Set(late.map(\.traceID)) == kept)
    #expect(late.allSatisfy { $0.traceState == "ot=th:8" })
  }

  @Test func aTraceThatIsKeptKeepsTheThresholdsItCameWith() throws {
    let keeping = ClosureTraceProcessor("keeping") { $0.keep("always") }
    let rig = try TraceRig(TraceLimits(), [keeping, Self.sampling(0)])
    var span = PlainSpan.of(trace: 1, id: 1)
    span.traceState = "ot=th:c"
    rig.add([span])
    rig.end()
    #expect(rig.emitted == [span])
  }
}
