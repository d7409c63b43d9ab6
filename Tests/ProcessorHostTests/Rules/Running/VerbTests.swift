internal import ProcessorHost
internal import Testing

@Suite("Verbs decide with the reasons that a rule declares")
struct VerbTests {
  private static let can = "drop = { 'noise', 'health' }, sample = { 'slow', 'ratio', 'rate' }"

  private func ledger(_ code: String, spans: Int = 1) throws -> SpanLedger {
    let harness = try RuleHarness(hook: code, can: Self.can)
    for _ in 1..<spans { _ = harness.run() }
    let ledger = harness.run().ledger
    #expect(ledger.failures.isEmpty)
    #expect(ledger.isBalanced)
    return ledger
  }

  @Test(
    "Drop wins over everything, in any order",
    arguments: [
      "span:keep 'slow' span:drop 'noise'", "span:drop 'noise' span:keep 'slow'",
      "span:sample(1, 'ratio') span:drop 'noise' span:sample(0, 'ratio')", "span:drop 'noise' span:drop 'health'",
    ])
  func drop(code: String) throws {
    #expect(try ledger(code).dropped == ["noise": 1])
  }

  @Test(
    "A keep shields from samples, in any order; the lowest sample counts",
    arguments: [
      ("span:keep 'slow' span:sample(0, 'ratio')", 1), ("span:sample(0, 'ratio') span:keep 'slow'", 0),
      ("span:sample(1, 'ratio')", 1), ("span:sample(0, 'ratio')", 0),
      ("span:sample(1, 'slow') span:sample(0, 'ratio') span:sample(1, 'ratio')", 0),
    ])
  func sample(code: String, emitted: Int) throws {
    let ledger = try ledger(code)
    #expect(ledger.emitted == emitted)
    #expect(ledger.sampledOut == (emitted == 1 ? [:] : ["ratio": 1]))
  }

  @Test("A rate limit lets so many through; what is kept or dropped takes no room")
  func rateLimit() throws {
    #expect(try ledger("span:rate_limit(3, 'rate')", spans: 10).sampledOut["rate", default: 0] >= 6)
    #expect(try ledger("span:keep 'slow' span:rate_limit(0, 'rate')", spans: 10).emitted == 10)
    #expect(try ledger("span:rate_limit(0, 'rate')").sampledOut == ["rate": 1])
  }

  @Test("A rule that fails takes its verdict back")
  func failing() throws {
    for verb in ["span:drop 'noise'", "span:sample(0, 'ratio')", "span:rate_limit(0, 'rate')"] {
      let outcome = try RuleHarness(hook: "\(verb) error('x')", can: Self.can).run()
      #expect(outcome.ledger.emitted == 1, "\(verb)")
      #expect(outcome.failures == ["rule.lua:1: the rule called error(...)"])
    }
  }
}
