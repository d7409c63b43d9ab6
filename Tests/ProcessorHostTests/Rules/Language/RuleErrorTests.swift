internal import ProcessorHost
internal import Testing

/// A rule text that must not load, with the line and the sentence that a person gets.
struct RefusedRule: Sendable, CustomTestStringConvertible {
  var text: String
  var line: Int?
  var message: String

  init(_ text: String, line: Int? = 1, _ message: String) {
    self.text = text
    self.line = line
    self.message = message
  }

  var testDescription: String { message }

  /// A rule with this `can`.
  static func can(_ can: String, _ message: String) -> RefusedRule {
    RefusedRule("return rule { about = 'x', can = \(can), on_span = function(span) end }", message)
  }

  /// A rule with this hide step.
  static func hide(_ step: String, _ message: String) -> RefusedRule {
    RefusedRule("return rule { about = 'x', hide = { \(step) } }", message)
  }

  func check(lists: [String: String] = [:], settings: [String: String] = [:]) throws {
    let errors = try RuleHarness.errors(text, lists: lists, settings: settings)
    let error = try #require(errors.first, "the rule loads")
    #expect(errors.count == 1)
    #expect(error.file == "rule.lua")
    #expect(error.message == message)
    #expect(error.line == line)
  }
}

@Suite("A rule that is not in order does not load, and its error says where and what to do")
struct RuleErrorTests {
  @Test(
    "The rule's own fields",
    arguments: [
      RefusedRule(
        "return rule { about = 'x', hidde = { match.names { 'a' } } }",
        "hidde is not a field of a rule; did you mean hide?"),
      RefusedRule(
        "return rule {\n  about = 'x',\n  on_sapn = function(span) end,\n}", line: 3,
        "on_sapn is not a field of a rule; did you mean on_span?"),
      RefusedRule(
        "return rule { about = 'x' }", "the rule has no effect: it needs hide = { … } or on_span = function(span) … end"
      ),
      RefusedRule(
        "return rule { about = 'x', hide = {} }",
        "the rule has no effect: it needs hide = { … } or on_span = function(span) … end"),
      RefusedRule("return rule { hide = { match.names { 'a' } } }", "a rule says what it is for: about = \"Hides …\""),
      RefusedRule(
        "return rule {\n  about = 'x', can = { read = { 'name' } },\n  hide = { match.names { 'a' } } }", line: 2,
        "can has no effect without on_span; remove it"),
      RefusedRule(
        "return rule { about = 'x', on_failure = 'drop', hide = { match.names { 'a' } } }",
        "on_failure has no effect without on_span; remove it"),
      RefusedRule(
        "return rule { about = 'x', on_span = 5 }",
        "on_span is a function: on_span = function(span) … end; this is a number"),
      RefusedRule(
        "return { about = 'x' }", line: nil, "a rule file ends with `return rule { … }`; this one returns a table"),
      RefusedRule("", line: nil, "a rule file ends with `return rule { … }`; this one returns nothing"),
      RefusedRule("return rule({}, {})", "rule takes one table: rule { about = \"…\", … }"),
      RefusedRule(
        "return rule { about = 'x', hide = { match.names { 'a' } }, [7] = 7 }",
        "rule takes one table: rule { about = \"…\", … }"),
      RefusedRule("return rule { about = 'x'", "'}' expected near <eof>"),
    ])
  func rule(refused: RefusedRule) throws { try refused.check() }

  @Test(
    "Powers",
    arguments: [
      RefusedRule.can("{ read = { 'nmae' } }", "nmae is not a path of a span; did you mean name?"),
      .can(
        "{ read = { 'attributes' } }",
        "the path attributes needs a key: attributes.http.route, or attributes.* for all of them"),
      .can("{ read = { 'name', 5 } }", "read takes a list of paths such as \"duration\"; a number is among them"),
      .can("{ read = { 'name', nil, 'kind' } }", "read takes a list of paths such as \"duration\""),
      .can("{ raed = { 'name' } }", "raed is not a power; did you mean read?"),
      .can("{ 'name' }", "can names its powers, such as { read = { \"duration\" } }"),
      .can("5", "can is a table, such as { read = { \"duration\" } }; this is a number"),
      .can("{}", "can is empty; name what the hook may do, or remove it"),
      .can(
        "{ set = { a = 'interger' } }",
        "interger is not a type that can be set; did you mean integer?; for strings, list the ones that are allowed, "
          + "or use rewrite"),
      .can("{ set = { a = {} } }", "a takes a list of the strings that are allowed"),
      .can(
        "{ rewrite = { 'kind' } }",
        "kind cannot be rewritten; there are attributes.…, name, status.code, status.message"),
      .can("{ drop = 'why' }", "drop takes a list of reasons such as \"health check\""),
      .can("{ sample = { ('r'):rep(65) } }", "a reason has at most 64 bytes, this one has 65"),
    ])
  func powers(refused: RefusedRule) throws { try refused.check() }

  @Test(
    "Hide steps",
    arguments: [
      RefusedRule.hide("match.name { 'a' }", "match.name does not exist; did you mean match.names?"),
      .hide(
        "match.regex { 'email' }",
        "match.regex does not exist; there are names, patterns, prefixes, query, text, values, words"),
      .hide("match.names { 'a*' }", "match.names takes whole names; for all that begin with a, use match.prefixes"),
      .hide("match.prefixes { 'a*' }", "match.prefixes takes beginnings of names, without a star"),
      .hide("match.names {}", "match.names has an empty list and so no effect; remove it"),
      .hide("match.words { 'a', '' }", "match.words takes a list of strings; an empty one is among them"),
      .hide("match.words { 'a', nil, 'b' }", "match.words takes a list of strings, not a table"),
      .hide("match.words({ 'a' }, { exept = { 'b' } })", "match.words has no option exept; did you mean except?"),
      .hide(
        "match.words({ 'a' }, { except = { 'b*c' } })",
        "match.words takes exceptions that are names, or beginnings of names that end in *: \"llm.token_count.*\""),
      .hide(
        "cut(match.names { 'a' }, -1)",
        "cut takes a matcher and a length from 0 to 1048576: cut(match.names { \"note\" }, 100)"),
      .hide(
        "cut(match.names { 'a' }, 0/0)",
        "cut takes a matcher and a length from 0 to 1048576: cut(match.names { \"note\" }, 100)"),
      .hide("mark(mark(match.names { 'a' }))", "mark takes a matcher such as match.names { \"webhook.payload\" }"),
      .hide("limit { attribute = 3 }", "limit cannot limit attribute; did you mean attributes?"),
      .hide("limit { events = 1.5 }", "limit takes whole numbers from 0 to 1048576; events is a number"),
      .hide("'a'", "hide holds steps such as match.names { \"card\" }; a string is among them"),
      .hide("table.unpack(table.pack(('x'):rep(300):byte(1, -1)))", "hide takes at most 256 steps, here are 300"),
      RefusedRule(
        "return rule { about = 'x', hide = match.names { 'a' } }",
        "hide takes a list of steps: hide = { match.words(list \"secret_words\") }"),
    ])
  func hide(refused: RefusedRule) throws { try refused.check() }

  @Test("A step that the native refuses is named by its line")
  func wordWithoutLetters() throws {
    let errors = try RuleHarness.errors("return rule {\n  about = 'x',\n  hide = { match.words { 'a', '--' } } }")
    #expect(errors.map(\.file) == ["rule.lua"])
    #expect(errors.map(\.line) == [3])
    #expect(
      errors.map(\.message) == [
        "term 2 (\"--\") has no letter or digit, so it would never match; remove it or write a word"
      ])
  }

  @Test(
    "Code that has not run",
    arguments: [
      RefusedRule(
        "return rule { about = 'x', on_span = function(span)\n if false then tostrign(1) end\nend }", line: 2,
        "unknown global 'tostrign'; did you mean 'tostring'?"),
      RefusedRule(
        "return rule { about = 'x', on_span = function(span)\n if false then os.exit() end\nend }", line: 2,
        "os is not available in rules: a rule sees no clock, files or environment; times are on the span"),
      RefusedRule(
        "return rule { about = 'x', on_span = function(span)\n count = 1\nend }", line: 2,
        "count is assigned to as a global; write local count"),
      RefusedRule(
        "return rule { about = 'x', on_span = function(span)\n local x = _ENV\nend }", line: 2,
        "_ENV can not be used in a rule"),
      RefusedRule(
        "return rule { about = 'x', on_span = function(span)\n local x = span.atributes\nend }", line: 2,
        "span.atributes is not a field of a span; did you mean attributes?"),
      RefusedRule(
        "local n = 0\nreturn rule { about = 'x', on_span = function(span)\n n = n + 1\nend }", line: 3,
        Self.outer("n")),
      RefusedRule(
        "local n = 0\nlocal function bump()\n n = n + 1\nend\nreturn rule { about = 'x', on_span = function() bump() end }",
        line: 3, Self.outer("n")),
      RefusedRule(
        "local n = 0\nlocal h = { f = function()\n return function() n = n + 1 end end }\n"
          + "return rule { about = 'x', on_span = function() h.f()() end }",
        line: 3, Self.outer("n")),
      RefusedRule(
        "local function counter() local n = 0; return function()\n n = n + 1 return n end end\n"
          + "local next = counter()\nreturn rule { about = 'x', on_span = function() next() end }",
        line: 2, Self.outer("n")),
    ])
  func notRun(refused: RefusedRule) throws { try refused.check() }

  private static func outer(_ name: String) -> String {
    "\(name) lives outside of the hook and would carry state from one span to the next; "
      + "make it a local inside, counters and rates are the host's"
  }

  @Test("A helper may keep state inside one call")
  func stateInsideACall() throws {
    let text = """
      local function counter() local n = 0; return function() n = n + 1 return n end end
      return rule { about = 'x', can = { set = { n = "integer" } }, on_span = function(span)
        local next = counter()
        next()
        span.attributes.n = next()
      end }
      """
    let harness = try RuleHarness(["rule": text])
    for _ in 0..<3 { #expect(try harness.span()["n"] == 2) }
  }

  @Test(
    "Hiding by condition",
    arguments: [
      RefusedRule(
        "local c = match.names { 'a' }\nreturn rule { about = 'x',\n on_failure = 'pass', on_span = function(span) "
          + "span:hide(c) end }", line: 3,
        "the rule hides by condition, so a failure must not pass the span on: on_failure is \"strip\" or \"drop\""),
      RefusedRule(
        "return rule { about = 'x', on_span = function(span)\n span:hide(match.names { 'a' })\nend }", line: 2,
        "span:hide takes a step that the file keeps in a local of its own: local cards = match.names { … }"),
      RefusedRule(
        "return rule { about = 'x', on_failure = 'ignore', on_span = function(span) end }",
        "on_failure is pass, strip, drop, not ignore"),
    ])
  func conditional(refused: RefusedRule) throws { try refused.check() }

  @Test(
    "Failures while the file runs",
    arguments: [
      RefusedRule("\nerror('hunter2')", line: 2, "the rule called error(...)"),
      RefusedRule("local t = {}\nt.x.y = 1", line: 2, "attempt to index a nil value (field 'x')"),
      RefusedRule("while true do end", "the rule took more steps than it may; is there a loop without an end?"),
      RefusedRule(
        "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", line: nil,
        "the rule took more memory than it may"),
      RefusedRule(
        "local t = { 'a' } for i = 1, 20 do t = { t, t } end\nreturn rule { about = 'x', hide = t }", line: nil,
        "the file holds more data than a rule may have"),
      RefusedRule(
        "local t = {} t.t = t\nreturn rule { about = 'x', hide = t }", line: nil, "tables nest deeper than 32 levels"),
    ])
  func running(refused: RefusedRule) throws { try refused.check() }

  @Test("The line of the source stands below the error")
  func sourceLine() throws {
    let error = try #require(
      try RuleHarness.errors("return rule {\n  about = 'x',\n  on_sapn = function(span) end,\n}").first)
    #expect(
      error.description
        == """
        rule.lua:3: on_sapn is not a field of a rule; did you mean on_span?
          3 | on_sapn = function(span) end,
        """)
  }
}
