internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Fields that a table gives twice")
struct RepeatedFieldTests {
  private static func load(_ text: String) throws {
    _ = try SpanProcessorHost(
      SpanProcessorHost.Configuration(
        rules: RuleDirectory(rules: [RuleSource(file: "a.lua", text: text)]), chain: ["a"]), natives: .builtin)
  }

  @Test(
    "The second one is an error in its line",
    arguments: [
      ("return rule { about = 'a',\n hide = { match.names { 'x' } },\n hide = { match.names { 'y' } } }", "hide", 3),
      ("return rule { about = 'a', hide = { match.names { 'x' } },\n ['about'] = 'b' }", "about", 2),
      (
        "local s = settings { x = count(1),\n x = count(2) }\nreturn rule { about = 'a', hide = { match.names { 'x' } } }",
        "x", 2
      ),
      (
        "local x = true\nreturn rule { about = x and 'a' or 'b', hide = { match.names { 'x' } },\n about = 'c' }",
        "about",
        3
      ),
      (
        """
        return rule { about = 'a', hide = { match.names { 'x' } }, on_span = function(span)
          local t = { n = 1,
            n = 2 }
        end }
        """, "n", 3
      ),
    ])
  func refused(text: String, name: String, line: Int) throws {
    let errors = try #require(throws: RuleErrors.self) { try Self.load(text) }
    #expect(errors.errors.first?.message.hasPrefix("\(name) is given twice in one table") == true)
    #expect(errors.errors.first?.line == line)
  }

  @Test(
    "The same name in tables that differ, and in assignments, is fine",
    arguments: [
      "local t = { a = 1, b = { a = 2, b = { a = 3 } } }\nt.a = 2\nt.a = 3",
      "local x = true\nlocal t = x and { a = 1 } or { a = 2 }\nlocal u, v = { a = 1 }, { a = 2 }",
      "local function f(t) return t end\nf { a = 1 }\nf { a = 2 }\nf(f { a = 1 }).a = f { a = 2 };\n(f { b = 1 }).b = 2",
      "local t = { a = { b = 1 }, c = { b = 2 }, { b = 3 }, { b = 4 } }",
    ])
  func fine(text: String) throws {
    try Self.load(text + "\nreturn rule { about = 'a', hide = { match.names { 'x' } } }")
  }

  @Test("In a test file, too")
  func tests() throws {
    let directory = RuleDirectory(
      rules: [RuleSource(file: "a.lua", text: "return rule { about = 'a', hide = { match.names { 'x' } } }")],
      tests: [
        RuleSource(file: "a.test.lua", text: "test 't' { given = span {}, expect = span {},\n expect = span {} }")
      ])
    let error = try #require(throws: RuleError.self) { try RuleTestRunner(directory, natives: .builtin).run() }
    #expect(error.line == 2 && error.message.hasPrefix("expect is given twice"))
  }
}
