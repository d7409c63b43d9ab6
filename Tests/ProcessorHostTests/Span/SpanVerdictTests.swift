internal import ProcessorHost
internal import Testing

@Suite("Keep, sample, drop")
struct SpanVerdictTests {
  /// What stages of a chain may say, one each.
  enum Verb: CaseIterable {
    case keep
    case drop
    case half
    case fifth
    case limitWithRoom
    case limitWithoutRoom
  }

  /// Randomness of 0xA0…: kept at one half, not at one fifth.
  private static let span =
    Proto.bytes(1, [UInt8](repeating: 0, count: 9) + [0xA0] + [UInt8](repeating: 0, count: 6))
    + Proto.bytes(2, SpanBytes.spanID) + Proto.string(3, "ot=th:1")

  @Test("the precedence is the same for every order of rules")
  func everyOrder() throws {
    var orders: [[Verb]] = [[]]
    for _ in 0..<4 {
      orders += orders.flatMap { order in Verb.allCases.filter { !order.contains($0) }.map { order + [$0] } }
    }
    for order in Set(orders) {
      let rig = try PipelineRig(order.map(Self.stage))
      let output = rig.spans(Proto.request(Self.span))
      var expected = SpanLedger()
      expected.received = 1
      let threshold: String?
      (threshold, expected) = Self.outcome(of: order, expected)
      #expect(rig.ledger == expected, "\(order)")
      #expect(output.map(\.traceState) == (threshold.map { [$0] } ?? []), "\(order)")
    }
  }

  /// The rules as the documentation has them: drop wins; a keep shields from what comes later, and says nothing after a
  /// sample; the lowest ratio counts; behind a rate limit nobody knows the threshold.
  private static func outcome(of order: [Verb], _ ledger: SpanLedger) -> (threshold: String?, ledger: SpanLedger) {
    var ledger = ledger
    if order.contains(.drop) {
      ledger.dropped["drop"] = 1
      return (nil, ledger)
    }
    var ratios: [Verb] = []
    var passed = false
    for verb in order {
      if verb == .keep, ratios.isEmpty { break }
      if verb == .limitWithRoom { passed = true } else if verb != .keep { ratios.append(verb) }
    }
    if let loser = [Verb.limitWithoutRoom, .fifth].first(where: ratios.contains) {
      ledger.sampledOut["\(loser)"] = 1
      return (nil, ledger)
    }
    ledger.emitted = 1
    return (passed ? "" : ratios.contains(.half) ? "ot=th:8" : "ot=th:1", ledger)
  }

  private static func stage(_ verb: Verb) -> TestStage {
    TestStage("\(verb)") { span in
      switch verb {
      case .keep: span.keep("keep")
      case .drop: span.drop("drop")
      case .half: span.sample(0.5, "half")
      case .fifth: span.sample(0.2, "fifth")
      case .limitWithRoom: span.rateLimit("limitWithRoom") { true }
      case .limitWithoutRoom: span.rateLimit("limitWithoutRoom") { false }
      }
    }
  }

  @Test("ratios outside 0 to 1 are brought inside, and one that is no number asks for nothing")
  func strangeRatios() {
    let ratio = { (asked: [Double]) in
      var verdict = SpanVerdict()
      for ratio in asked { verdict.sample(ratio, "reason") }
      return verdict.ratio
    }
    #expect(ratio([-1]) == 0 && ratio([2]) == 1 && ratio([-.infinity]) == 0 && ratio([.infinity, 0.5]) == 0.5)
    #expect(ratio([.nan]) == 1 && ratio([.nan, 0.25]) == 0.25 && ratio([0.25, .nan]) == 0.25)
  }

  @Test("the first reason counts, of ratios that of the lowest")
  func reasons() {
    var verdict = SpanVerdict()
    verdict.sample(0.5, "a")
    verdict.sample(0.25, "b")
    verdict.sample(0.25, "c")
    #expect(verdict.ratioReason == "b")
    verdict.drop("d")
    verdict.drop("e")
    #expect(verdict.dropReason == "d" && verdict.dropReason?.name == "d")
    verdict = SpanVerdict()
    verdict.keep("f")
    verdict.keep("g")
    #expect(verdict.keepReason == "f" && SpanReason("f") != SpanReason("g"))
  }

  @Test("a rate limit is not asked for a span that is kept or dropped already")
  func noTokenSpent() throws {
    var asked = 0
    let limit = TestStage("limit") { span in
      span.rateLimit("limit") {
        asked += 1
        return true
      }
    }
    for verb in [Verb.keep, .drop] { _ = try PipelineRig([Self.stage(verb), limit]).process(Proto.request(Self.span)) }
    #expect(asked == 0 && limit.calls == 2)
  }
}
