internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("What a test says of whether its span stays")
struct RuleTestDemandTests {
  private static let rule = """
    return rule { about = 'a', can = { read = { 'name' }, drop = { 'noise' }, sample = { 'error' } },
      on_span = function(span)
        if span.name == 'noise' then span:drop 'noise' end
        if span.name == 'error' then span:keep 'error' end
      end }
    """

  private static func problems(_ name: String, _ demand: String) throws -> [String] {
    let directory = RuleDirectory(
      rules: [RuleSource(file: "a.lua", text: rule)],
      tests: [RuleSource(file: "a.test.lua", text: "test 't' { given = span { name = '\(name)' }, \(demand) }")])
    return try RuleTestRunner(directory, natives: .builtin).run().flatMap(\.problems)
  }

  @Test(
    "A test can ask for any reason or for none",
    arguments: [
      ("noise", "dropped = true"), ("noise", "dropped = 'noise'"), ("calm", "dropped = false"),
      ("calm", "dropped = false, expect = span {}"), ("error", "kept = true"), ("calm", "kept = false"),
      ("noise", "kept = false"),
    ])
  func held(name: String, demand: String) throws {
    #expect(try Self.problems(name, demand) == [])
  }

  @Test(
    "What came instead is said",
    arguments: [
      ("calm", "dropped = true", "the span was expected to go, it stayed"),
      ("noise", "dropped = false", "the span was expected to stay, it went: noise"),
      ("calm", "kept = true", "the span was expected to be kept, no keep came"),
      ("error", "kept = false", "the span was expected not to be kept, a keep came: error"),
    ])
  func broken(name: String, demand: String, problem: String) throws {
    #expect(try Self.problems(name, demand) == [problem])
  }

  @Test("Anything else is refused", arguments: ["dropped = 1", "kept = ''", "dropped = true, expect = span {}"])
  func refused(demand: String) throws {
    #expect(throws: RuleError.self) { try Self.problems("calm", demand) }
  }

  @Test("Where rules are loaded with their tests, the error has what was expected and what came")
  func everyProblem() throws {
    let directory = RuleDirectory(
      rules: [RuleSource(file: "a.lua", text: Self.rule)],
      tests: [
        RuleSource(
          file: "a.test.lua",
          text: "test 't' { given = span { name = 'x' }, expect = span { name = 'y' }, kept = true }")
      ])
    let host = try SpanProcessorHost(SpanProcessorHost.Configuration(), natives: .builtin)
    let errors = try #require(throws: RuleErrors.self) { try host.runTests(of: directory) }
    let message = try #require(errors.errors.first?.message)
    for part in ["no keep came", "- name = \"y\"", "+ name = \"x\""] { #expect(message.contains(part)) }
  }
}
