internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport
internal import Testing

/// Whole traces that are sampled by how many of their kind come.
@Suite("Traces that are sampled by their kind")
struct DynamicTraceSamplingTests {
  private static let bound = 1 << 56 as UInt64

  /// What a span stands for: one over the probability that it says.
  private static func count(_ span: PlainSpan) -> Double {
    var state = span.traceState
    return state.withUTF8 { 1 / (OTelTraceState($0).threshold?.probability ?? 1) }
  }

  /// The kinds of a minute's traces, interval by interval, and the shares that they got.
  private struct Minute {
    var kept: [PlainSpan] = []
    var shares: [UInt64: [Double]] = [:]

    /// - Parameters:
    ///   - mode: what ratios are a share of.
    ///   - incoming: the trace state that all spans arrive with.
    ///   - isArriving: whether a trace with this randomness has come so far.
    init(
      _ traffic: [UInt64: Int], perSecond: Double, _ mode: ConsistentProbabilitySampler.Mode = .equalizing,
      incoming: String = "", _ isArriving: (UInt64) -> Bool = { _ in true }
    ) throws {
      let clock = ManualClock()
      let sampler = DynamicSampler(clock: clock)
      let noted = Noted<[UInt64: [Double]]>([:])
      let sampling = ClosureTraceProcessor("dynamic") { trace in
        let kind = UInt64(trace.services[0]) ?? 0
        let share = sampler.share(ofKind: kind, perSecond: perSecond)
        noted.change { $0[kind, default: []].append(share) }
        trace.sampleArriving(share, "rate")
      }
      let rig = try TraceRig(TraceLimits(), sampling: mode, [sampling])
      var generator = SeededGenerator(seed: 11)
      var number: UInt64 = 0
      for _ in 0..<6 {
        let kinds = traffic.sorted { $0.key < $1.key }.flatMap { Array(repeating: $0.key, count: $0.value) }
        let step = Duration.seconds(10) / kinds.count
        for kind in kinds.shuffled(using: &generator) {
          number += 1
          clock.advance(step)
          var span = PlainSpan.of(trace: number, id: 1, service: "\(kind)")
          span.traceState = incoming
          if isArriving(span.traceID.low & (DynamicTraceSamplingTests.bound - 1)) { rig.add([span]) }
          rig.end()
        }
        clock.advance(.seconds(10) - step * kinds.count)
      }
      kept = rig.emitted
      shares = noted.value
      #expect(rig.ledger.sampledOut.keys.allSatisfy { $0 == "rate" })
    }

    func kept(_ kind: UInt64) -> [PlainSpan] { kept.filter { $0.resource.first?.value == .string("\(kind)") } }
  }

  @Test("Rare kinds all stay, the target is met, and what is counted in the rest matches what came")
  func estimates() throws {
    let traffic: [UInt64: Int] = [1: 4000, 2: 1000, 3: 40, 4: 2]
    let minute = try Minute(traffic, perSecond: 30)
    #expect(minute.kept(3).count == 240)
    #expect(minute.kept(4).count == 12)
    #expect(minute.kept(4).allSatisfy { $0.traceState.isEmpty })
    for (kind, count) in traffic {
      let shares = try #require(minute.shares[kind])
      // Five standard deviations of what is estimated, each trace by its own probability.
      let deviation = shares.reduce(0) { $0 + (1 - $1) / $1 }.squareRoot()
      let estimate = minute.kept(kind).reduce(0) { $0 + Self.count($1) }
      #expect(abs(estimate - Double(count * 6)) <= 5 * deviation)
    }
    // The first interval, in which nothing is known of the kinds, lets more pass.
    let expected = minute.shares.values.joined().reduce(0, +)
    #expect(abs(Double(minute.kept.count) - expected) < 5 * expected.squareRoot())
    for kind in [1, 2] as [UInt64] {
      let later = minute.shares[kind, default: []].suffix(traffic[kind, default: 0] * 5)
      #expect(abs(later.reduce(0, +) - 5 * 129) < 33)
    }
  }

  @Test(
    "What earlier stages have thinned out counts as it arrives, so that the target is met in either mode",
    arguments: [ConsistentProbabilitySampler.Mode.equalizing, .proportional])
  func incoming(_ mode: ConsistentProbabilitySampler.Mode) throws {
    let minute = try Minute([1: 8000], perSecond: 20, mode, incoming: "ot=th:c") { $0 >= Self.bound / 4 * 3 }
    // A quarter arrives, and a tenth of that stays once the kind is known.
    let shares = try #require(minute.shares[1])
    #expect(abs(Double(shares.count) - 12_000) < 500)
    let expected = shares.reduce(0, +)
    #expect(abs(Double(minute.kept.count) - expected) < 5 * expected.squareRoot())
    let deviation = shares.reduce(0) { $0 + (4 - $1) / $1 * 4 }.squareRoot()
    #expect(abs(minute.kept.reduce(0) { $0 + Self.count($1) } - 48_000) < 5 * deviation)
  }

  @Test("With a ratio beside it the lower share counts, and is the one that is written")
  func withRatio() throws {
    for (ratio, share) in [(0.25, 0.5), (0.5, 0.25), (1, 0.25), (0.25, 1)] {
      let both = ClosureTraceProcessor("both") { trace in
        trace.sample(ratio, "ratio")
        trace.sampleArriving(share, "rate")
        trace.keep("too late")
      }
      let rig = try TraceRig(TraceLimits(), [both])
      for trace in 0..<1000 as Range<UInt64> { rig.add([.of(trace: trace, id: 1)]) }
      rig.end()
      #expect(rig.emitted.allSatisfy { $0.traceState == "ot=th:c" })
      let quarter = (0..<1000 as Range<UInt64>).filter { (trace: UInt64) -> Bool in
        PlainSpan.of(trace: trace, id: 1).traceID.low & (Self.bound - 1) >= Self.bound / 4 * 3
      }
      #expect(rig.emitted.map(\.traceID.high).sorted() == quarter)
    }
  }

  @Test("A share of 1 leaves every threshold as it came, and a share of 0 keeps nothing")
  func bounds() throws {
    for (share, count) in [(1.0, 2), (0, 0)] {
      let rig = try TraceRig(TraceLimits(), [ClosureTraceProcessor("share") { $0.sampleArriving(share, "rate") }])
      var span = PlainSpan.of(trace: 1, id: 1)
      span.traceState = "ot=th:123456789abcde;rv:fffffffffffff0"
      rig.add([span, .of(trace: 2, id: 1)])
      rig.end()
      #expect(rig.emitted.count == count)
      #expect(rig.emitted.allSatisfy { $0.traceState == ($0.traceID == span.traceID ? span.traceState : "") })
    }
  }

  @Test("A late span says why its trace stayed, and how likely that was")
  func late() throws {
    let rule = """
      return rule { about = "t", can = { sample = { "rate" }, sample_reason = "why" },
        on_trace = function(trace) trace:sample_dynamic(10, "rate", "all") end }
      """
    let rules = RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, 'sample' }"),
      rules: [RuleSource(file: "sample.lua", text: rule)])
    let rig = try TraceRig(TraceLimits(grace: .zero), rules: rules)
    let traces = 0..<1000 as Range<UInt64>
    for trace in traces { rig.add([.of(trace: trace, id: 1)]) }
    rig.advance(to: 1)
    for trace in traces { rig.add([.of(trace: trace, id: 2, parent: 1)], at: 2) }
    let first = rig.emitted.filter { $0.spanID.value == 1 }
    let late = rig.emitted.filter { $0.spanID.value == 2 }
    #expect(first.count > 20 && first.count < 200)
    #expect(first.contains { $0.traceState.hasPrefix("ot=th:") })
    #expect(late.allSatisfy { $0.attributes == [.init("why", .string("rate"))] })
    let states = { (spans: [PlainSpan]) in Dictionary(uniqueKeysWithValues: spans.map { ($0.traceID, $0.traceState) }) }
    #expect(states(late) == states(first))
  }

  @Test("A trace that is kept before stays, whatever its kind")
  func keeping() throws {
    let keeping = ClosureTraceProcessor("keeping") { trace in
      trace.keep("error")
      trace.sampleArriving(0, "rate")
    }
    let rig = try TraceRig(TraceLimits(), [keeping])
    rig.add([.of(trace: 1, id: 1)])
    rig.end()
    #expect(rig.emitted.map(\.traceState) == [""])
  }
}
