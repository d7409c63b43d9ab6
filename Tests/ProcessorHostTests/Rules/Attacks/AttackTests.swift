internal import CRuleSandbox
internal import Testing

@testable internal import ProcessorHost

@Suite("An attack", .serialized)
struct AttackTests {
  static let victim = """
    return rule {
      about = "Upper-cases an attribute with string functions.",
      can = { read = { "attributes.victim" }, rewrite = { "attributes.victim" } },
      on_span = function(span)
        local text = span.attributes.victim
        local from = text:find("to", 1, true)
        span.attributes.victim = string.format("%s|%d|%s", text:upper(), from, table.concat({ "a", "b" }, ","))
      end,
    }
    """

  static let all = Attack.recorded + OwnAttacks.all

  @Test("is contained by the sandbox alone", arguments: all)
  func isContained(_ attack: Attack) throws {
    let record = try AttackRecord(attack, skipsInspection: true)
    #expect(!record.isPwned)
    // Work is charged before it is done. A call that was charged more than its limit was stopped by that.
    for (call, steps) in zip(record.calls, record.steps) where steps > 100_000 {
      #expect(call.hasPrefix("\(SANDBOX_STEPS.rawValue) "))
    }
    #expect(record.memoryPeak <= 4 << 20)
    let again = try AttackRecord(attack, skipsInspection: true)
    #expect(record == again)
  }

  @Test("is contained by the loader as well", arguments: all)
  func isContainedOrRefused(_ attack: Attack) throws {
    let record = try AttackRecord(attack, skipsInspection: false)
    #expect(!record.isPwned)
    if let error = record.loadError { #expect(error.contains("attack.lua")) }
  }

  @Test("does not reach another rule in the same chain", arguments: all)
  func leavesTheVictimAlone(_ attack: Attack) throws {
    let expected = try RuleHarness(["victim": Self.victim]).run(.attacked).spans.map { $0["victim"] }
    let chain: SpanProcessorHost
    do {
      chain = try SpanProcessorHost(
        SpanProcessorHost.Configuration(
          rules: RuleDirectory(rules: [attack.rule, RuleSource(file: "victim.lua", text: Self.victim)]),
          chain: ["attack", "victim"]),
        natives: .builtin)
    } catch is RuleErrors {
      // Refused to load: there is nothing in the chain that could reach anything.
      return
    }
    for _ in 0..<Attack.calls {
      let output = chain.processAndWait(Door().admit(PlainSpan.attacked.encodedRequest()).takeBatch())
      let spans = PlainSpan.all(in: output)
      if let span = spans.first, spans.count == 1 { #expect([span["victim"]] == expected) }
    }
  }

  @Test("has the same verdict on a busy machine", arguments: all.filter { $0.name.hasPrefix("own") || $0.name < "60" })
  func verdictDoesNotDependOnLoad(_ attack: Attack) throws {
    let calm = try AttackRecord(attack, skipsInspection: true)
    let busy = BusyMachine(threads: 2)
    defer { busy.stop() }
    #expect(try AttackRecord(attack, skipsInspection: true) == calm)
  }
}
