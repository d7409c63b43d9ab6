internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("What the tests of a rule touch")
struct RuleCoverageTests {
  private static func coverage(
    _ rule: String, test: String?, lists: [RuleSource] = []
  ) throws -> RuleCoverage {
    let directory = RuleDirectory(
      rules: [RuleSource(file: "a.lua", text: rule)],
      tests: test.map { [RuleSource(file: "a.test.lua", text: $0)] } ?? [], lists: lists)
    let (outcomes, coverage) = try RuleTestRunner(directory, natives: .builtin).runWithCoverage()
    #expect(outcomes.flatMap(\.problems) == [])
    return try #require(coverage.first)
  }

  private static func test(_ given: String) -> String {
    "test \"t\" { given = span { \(given) }, nowhere = { \"hunter2\" } }\n"
  }

  private static func touched(_ coverage: RuleCoverage) -> [String] {
    coverage.entries.filter(\.isTouched).map { ($0.isException ? "except " : "") + $0.item }
  }

  @Test("A word is touched by a key that holds it, also where another word hides the same key")
  func overlappingWords() throws {
    let coverage = try Self.coverage(
      "return rule { about = 'a', hide = { match.words { 'key', 'api_key', 'token' } } }",
      test: Self.test("attributes = { api_key = 'hunter2' }"))
    #expect(Self.touched(coverage) == ["key", "api_key"])
    #expect(coverage.tally.percent == 66)
  }

  @Test("A word is touched inside text where assignments are looked for, and else not", arguments: [true, false])
  func wordsInText(seeks: Bool) throws {
    let text = seeks ? ", match.text { 'assignment' }" : ""
    let coverage = try Self.coverage(
      "return rule { about = 'a', hide = { match.words { 'password', 'token' }\(text) } }",
      test: "test 't' { given = span { name = 'password=xK4mQ9vT2w' }, nowhere = { 'absent' } }")
    #expect(Self.touched(coverage) == (seeks ? ["password", "assignment"] : []))
  }

  @Test("Detectors, patterns, names, prefixes, parameters, values and limits are entries of their own")
  func kinds() throws {
    let rule = """
      return rule { about = 'a', hide = {
        match.text { 'email', 'iban' },
        match.patterns { 'TK-[0-9]{4}', 'XX-[0-9]{4}' },
        remove(match.names { 'card', 'cvc' }),
        keep_last(match.prefixes { 'pay.', 'bill.' }, 2),
        match.query { 'sig', 'code' },
        match.values { 'hunter2', 'swordfish' },
        limit { events = 0, links = 0 },
      } }
      """
    let coverage = try Self.coverage(
      rule,
      test: Self.test(
        """
        name = 'jo@example.org', events = { event { name = 'e' } },
        attributes = { a = 'TK-1234', card = '1', ['pay.iban'] = '123456', url = 'https://e.org/?sig=abc', pw = 'hunter2' }
        """))
    #expect(
      Self.touched(coverage)
        == ["email", "TK-[0-9]{4}", "card", "pay.", "sig", "value 1 of 2", "events"])
    #expect(coverage.entries.count == 14)
    #expect(coverage.entries.map(\.line) == [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8])
    #expect(!coverage.entries.contains { $0.item == "swordfish" })
  }

  @Test("An exception is touched where something would be hidden without it")
  func exceptions() throws {
    let coverage = try Self.coverage(
      "return rule { about = 'a', hide = { match.words({ 'token' }, { except = { 'token_count', 'token_type' } }) } }",
      test: "test 't' { given = span { attributes = { token_count = 1 } }, expect = span {} }")
    #expect(Self.touched(coverage) == ["except token_count"])
  }

  @Test("Resources, scopes and events count")
  func otherSurfaces() throws {
    let coverage = try Self.coverage(
      "return rule { about = 'a', hide = { match.names { 'r', 's', 'e', 'x' } } }",
      test: Self.test(
        """
        resource = { r = 'hunter2' }, scope = { attributes = { s = 'hunter2' } },
        events = { event { attributes = { e = 'hunter2' } } }
        """))
    #expect(Self.touched(coverage) == ["r", "s", "e"])
  }

  @Test("What settings of a test make smaller counts as the same entry")
  func settings() throws {
    let coverage = try Self.coverage(
      """
      local settings = settings { length = count(100) }
      return rule { about = 'a', hide = { cut(match.names { 'note' }, settings.length) } }
      """,
      test: """
        test 't' { given = span { attributes = { note = 'abcdef' } }, settings = { length = 3 },
          expect = span { attributes = { note = 'abc...' } } }
        """)
    #expect(Self.touched(coverage) == ["note"])
  }

  @Test("A step for span:hide is touched where the hook asks for it and it hits")
  func conditional() throws {
    let rule = """
      local first = match.names { 'a' }
      local second = match.names { 'b' }
      return rule { about = 'a', on_failure = 'strip', can = { read = { 'name' } },
        on_span = function(span)
          if span.name == 'x' then span:hide(first) end
          if span.name == 'y' then span:hide(second) end
        end }
      """
    let coverage = try Self.coverage(rule, test: Self.test("name = 'x', attributes = { a = 'hunter2', b = '1' }"))
    #expect(Self.touched(coverage) == ["a"])
  }

  @Test("An item of a list is named by its line in the list, one of the rule by its line there")
  func places() throws {
    let coverage = try Self.coverage(
      "-- 'own'\nreturn rule { about = 'a', hide = {\n  match.words(list 'words'), match.names {\n 'own' } } }",
      test: nil,
      lists: [RuleSource(file: "words.txt", text: "# words\none\n  two # the second\n")])
    #expect(
      coverage.entries.map { "\($0.file):\($0.line ?? 0)" } == ["lists/words.txt:2", "lists/words.txt:3", "a.lua:4"])
    #expect(coverage.tests == 0 && coverage.tally.percent == 0)
  }

  private static let hook = """
    local function tenant(span)
      local value = span.attributes.tenant
      return value
    end
    local function unused()
      return 1
    end
    return rule { about = 'a', can = { read = { 'name', 'attributes.*' }, drop = { 'x' } },
      on_span = function(span)
        if span.name == 'never' then
          local one = tenant(span)

          -- nobody comes here
          span:drop 'x'
        else
          local two = span.name
        end
        for i = 1, 3 do
          local three = i
        end
      end }
    """

  @Test("Lines of the hook and of what it calls are run or missing; what only the file itself calls is neither")
  func lines() throws {
    let coverage = try Self.coverage(Self.hook, test: "test 't' { given = span {}, expect = span {} }")
    #expect(coverage.lines == [2, 3, 10, 11, 14, 16, 18, 19])
    #expect(coverage.linesRun == [10, 16, 18, 19])
    #expect(coverage.missingLines == [2...3, 11...14])
    #expect(coverage.tally.percent == 50)
    let all = try Self.coverage(
      Self.hook,
      test: """
        test 't' { given = span {}, expect = span {} }
        test 'u' { given = span { name = 'never' }, dropped = 'x' }
        """)
    #expect(all.missingLines == [])
    #expect(all.tally.percent == 100)
  }

  @Test("Without a test no line ran, though the leak battery ran the hook")
  func batteryDoesNotCount() throws {
    let rule =
      "return rule { about = 'a', hide = { match.names { 'k' } }, on_span = function(span)\n local a = 1\n end }"
    #expect(try Self.coverage(rule, test: nil).linesRun == [])
    let tested = try Self.coverage(rule, test: "test 't' { given = span {}, expect = span {} }")
    #expect(tested.linesRun == [2])
    #expect(Self.touched(tested) == [])
  }

  @Test("The step limit stops a loop without an end while lines are noted, after as many steps as without")
  func limits() throws {
    let rule = RuleSource(
      file: "a.lua",
      text:
        "return rule { about = 'a', can = { drop = { 'x' } }, on_span = function(span)\n while true do\n local a = 1\n end end }"
    )
    let test = RuleSource(file: "a.test.lua", text: "test 't' { given = span {}, expect = span {} }")
    let runner = RuleTestRunner(RuleDirectory(rules: [rule], tests: [test]), natives: .builtin)
    let (outcomes, coverage) = try runner.runWithCoverage()
    #expect(outcomes.flatMap(\.problems).contains { $0.contains("more steps than it may") })
    #expect(outcomes.map(\.problems) == (try runner.run().map(\.problems)))
    #expect(coverage.first?.linesRun == [3])
  }

  @Test("Everything together is the sum, and all only where nothing is left")
  func tally() {
    let none = RuleCoverage.Tally()
    #expect(none.percent == 100)
    let sum = RuleCoverage.Tally(entries: 100, entriesTouched: 100, lines: 100, linesRun: 99) + none
    #expect(sum.percent == 99)
  }
}
