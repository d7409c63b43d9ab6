internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Rules that are replaced while spans run")
struct RuleReplacementTests {
  private let request = SpanBytes.resource([], spans: [SpanBytes.span("s", SpanBytes.attribute("secret", "hunter2"))])

  private func directory(_ rule: String) -> RuleDirectory {
    RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, \"a\" }"),
      rules: [RuleSource(file: "a.lua", text: rule)])
  }

  private func hiding(_ name: String) -> String {
    "return rule { about = \"t\", hide = { match.names { \"\(name)\" } } }"
  }

  private func tagging(_ value: String) -> String {
    """
    return rule { about = "t", can = { set = { version = { "\(value)" } } },
      on_span = function(span) span.attributes.version = "\(value)" end }
    """
  }

  @Test("the next batch is under the new set, and says so")
  func replaced() async throws {
    let host = try SpanProcessorHost(.init(rules: directory(hiding("other"))))
    #expect(await host.process(Door().admit(request).takeBatch()).encoded() == request)
    #expect(host.ruleSetNumber == RuleSetNumber(1))
    let number = try await host.replaceRules(with: directory(hiding("secret")))
    #expect(number == RuleSetNumber(2) && host.ruleSetNumber == number)
    let hidden = await host.process(Door().admit(request).takeBatch()).encoded()
    #expect(hidden.firstRange(of: Array("hunter2".utf8)) == nil)
  }

  @Test("a set that does not load changes nothing")
  func broken() async throws {
    let host = try SpanProcessorHost(.init(rules: directory(hiding("secret"))))
    await #expect(throws: RuleErrors.self) { try await host.replaceRules(with: directory("return rule {")) }
    #expect(host.ruleSetNumber == RuleSetNumber(1))
    let hidden = await host.process(Door().admit(request).takeBatch()).encoded()
    #expect(hidden.firstRange(of: Array("hunter2".utf8)) == nil)
  }

  @Test("counts go on over sets: the ledger, hides, edits")
  func counts() async throws {
    let host = try SpanProcessorHost(.init(rules: directory(hiding("secret")), lanes: 2))
    for _ in 0..<3 { _ = await host.process(Door().admit(request).takeBatch()) }
    try await host.replaceRules(with: directory(tagging("1")))
    for _ in 0..<4 { _ = await host.process(Door().admit(request).takeBatch()) }
    try await host.replaceRules(with: directory(hiding("secret")))
    for _ in 0..<5 { _ = await host.process(Door().admit(request).takeBatch()) }
    let report = await host.report()
    #expect(report.ledger.received == 12 && report.ledger.isBalanced)
    #expect(report.hidden.values.reduce(0, +) == 8)
    #expect(report.hidden.keys.map(\.rule) == ["a"])
    #expect(report.stages.first { $0.name == "a" }?.edits == 4)
  }

  @Test("each batch runs under one set, whatever is replaced meanwhile")
  func oneSet() async throws {
    let host = try SpanProcessorHost(.init(rules: directory(tagging("0")), lanes: 2))
    let spans = [UInt8](0..<50).map { _ in SpanBytes.span("s") }
    let many = SpanBytes.resource([], spans: spans)
    try await withThrowingTaskGroup(of: Set<String>.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var seen: Set<String> = []
          for _ in 0..<60 {
            let output = await host.process(Door().admit(many).takeBatch())
            let versions = Set(
              PlainSpan.all(in: output).flatMap(\.lines).filter { $0.path.hasSuffix("version") }.map(\.value))
            #expect(versions.count == 1)
            seen.formUnion(versions)
          }
          return seen
        }
      }
      for version in 1...8 { try await host.replaceRules(with: directory(tagging("\(version)"))) }
      var seen: Set<String> = []
      for try await versions in group { seen.formUnion(versions) }
      #expect(seen.count > 1, "sets were replaced while batches ran")
    }
  }

  @Test("how long each lane stood still is counted")
  func pauses() async throws {
    let host = try SpanProcessorHost(.init(rules: directory(hiding("secret")), lanes: 2))
    #expect(host.exchangePauses == ExchangePauses())
    for version in 1...3 { try await host.replaceRules(with: directory(tagging("\(version)"))) }
    await #expect(throws: RuleErrors.self) { try await host.replaceRules(with: directory("return rule {")) }
    let pauses = host.exchangePauses
    #expect(pauses.counts.reduce(0, +) == 6)
    #expect(pauses.longest > 0 && pauses.sum >= pauses.longest)
  }

  @Test(
    "a pause counts below the least bound that it does not pass",
    arguments: [(0, 0), (5_000, 0), (5_001, 1), (1_000_000, 7), (1_000_001, 8), (200_000_000, 12)])
  func bucket(nanoseconds: Int, index: Int) {
    var pauses = ExchangePauses()
    pauses.add(.nanoseconds(nanoseconds))
    #expect(pauses.counts.firstIndex(of: 1) == index)
  }

  @Test("a rate that is used up stays used up")
  func rates() async throws {
    let limited = """
      return rule { about = "t", can = { sample = { "rate" } },
        on_span = function(span) span:rate_limit(1, "rate") end }
      """
    let host = try SpanProcessorHost(.init(rules: directory(limited)))
    let many = SpanBytes.resource([], spans: (0..<200).map { _ in SpanBytes.span("s") })
    let before = await host.process(Door().admit(many).takeBatch()).count
    try await host.replaceRules(with: directory(limited + " "))
    let after = await host.process(Door().admit(many).takeBatch()).count
    #expect(before >= 1 && before < 100)
    #expect(after < before + 5)
  }
}
