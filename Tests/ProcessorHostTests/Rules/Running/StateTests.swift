internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Nothing passes from one span to the next")
struct StateTests {
  /// Each of these tries to count its calls, or to leave a mark for the next call; `n` is what it found.
  @Test(
    "A hook finds the same on every span",
    arguments: [
      ("local t = { n = 0 }", "pcall(function() t.n = t.n + 1 end) n = t.n"),
      ("local t = { deep = { list = {} } }", "pcall(table.insert, t.deep.list, 1) n = #t.deep.list"),
      ("local t = { 3, 2, 1 }", "pcall(table.sort, t) n = t[1]"),
      ("local t = { 3, 2, 1 }", "pcall(table.remove, t) n = #t"),
      ("local t = {}", "pcall(table.move, { 1, 2, 3 }, 1, 3, 1, t) n = #t"),
      ("local t = {} local key = {} t[key] = 'x'", "pcall(function() key.n = 1 end) n = key.n or 0"),
      ("local s = settings { a = count(4) }", "pcall(table.insert, s, 1) n = #s"),
      ("local s = settings { a = count(4) }", "pcall(function() s.a = 5 end) n = s.a"),
      ("", "pcall(table.insert, match, 1) n = #match"), ("", "pcall(table.insert, status, 1) n = #status"),
      ("", "pcall(table.insert, kind, 1) n = #kind"), ("", "pcall(table.insert, string, 1) n = #string"),
      ("", "pcall(function() string.upper = string.lower end) n = #('a'):upper()"),
      ("", "pcall(function() local m = ('').upper ; ('').x = 1 end) n = 0"),
      ("local words = list 'words'", "pcall(table.insert, words, 'x') n = #words"),
      ("local it = ('a b c'):gmatch('%a')", "it() n = #(it() or '')  if it() ~= 'c' then n = 9 end"),
      ("local next, t = pairs({ 1, 2, 3 })", "next(t) n = next(t) or 0"),
      ("local it, s, c = ipairs({ 5, 6 })", "n = it(s, c)"),
      ("local it, s, c = utf8.codes('abc')", "n = it(s, c)"),
      ("local f = match.names { 'a' }", "n = 0 local x = match.names { 'b' }"),
      ("", "n = pcall(settings, { a = count(1) }) and 1 or 0"), ("", "n = pcall(list, 'words') and 1 or 0"),
      ("local function make() local n = 0 return function() n = n + 1 return n end end", "n = make()()"),
      ("", "n = select(2, pcall(error, 5)) span.attributes.n = n"),
      ("", "local e = {} pcall(error, e) n = e.n or 0 e.n = 1"),
    ])
  func hooks(header: String, hook: String) throws {
    let text =
      "\(header) return rule { about = 'x', on_failure = 'strip', can = { set = { n = 'integer' } }, "
      + "on_span = function(span) local n = -1 \(hook) span.attributes.n = n end }"
    let harness = try RuleHarness(["rule": text], lists: ["words": "a\nb"])
    let first = try harness.span()["n"]
    #expect(first != nil)
    for _ in 0..<3 { #expect(try harness.span()["n"] == first) }
  }

  @Test("A value that could not be written does not come out on a later span")
  func brokenValue() throws {
    let harness = try RuleHarness(
      hook: """
        if span.name == "first" then
          span.attributes.a = { "hunter2" }
          local t = {} t.t = t
          pcall(function() span.attributes.x = t end)
          pcall(function() span.attributes.x = { {}, ("x"):rep(70000) } end)
        else
          span.attributes.b = { 1, 2 }
        end
        """, can: "rewrite = { 'attributes.*' }")
    var first = PlainSpan.plain
    first.name = "first"
    #expect(try harness.span(first)["a"] == .array(["hunter2"]))
    #expect(try harness.span().attributes == [.init("b", .array([1, 2]))])
  }

  @Test("The steps of a call do not depend on what span came before")
  func steps() throws {
    let harness = try RuleHarness(
      hook: """
        if span.name == "large" then local text = ("x"):rep(400000)
        elseif span.name == "many" then for i = 1, 300 do local t = { i, i .. "", { i } } end
        elseif span.name == "failing" then local t = nil t.x = 1
        else for i = 1, 3000 do local x = i * 2 end end
        """)
    func steps(_ name: String) -> Int {
      let before = harness.steps
      var span = PlainSpan.plain
      span.name = name
      _ = harness.run(span)
      return harness.steps - before
    }
    let alone = steps("work")
    #expect(alone > 3000)
    for name in ["large", "many", "failing", "work"] {
      #expect(steps(name) > 0)
      #expect(steps("work") == alone, "after \(name)")
    }
  }

  @Test("A rule that ran out of memory has a new state at the next span, and its neighbours never notice")
  func outOfMemory() throws {
    let greedy = RuleHarness.rule(
      hook: """
        if span.name == "large" then
          local text = "x" for i = 1, 30 do text = text .. text end
        end
        span.attributes.greedy = true
        """, can: "set = { greedy = 'boolean' }", tail: "on_failure = 'strip',")
    let other = RuleHarness.rule(hook: "span.attributes.other = true", can: "set = { other = 'boolean' }")
    let harness = try RuleHarness(["other": other, "greedy": greedy])
    var large = PlainSpan.plain
    large.name = "large"
    for round in 1...3 {
      let outcome = harness.run(large)
      #expect(outcome.failures == ["greedy.lua: the rule took more memory than it may"])
      #expect(outcome.ledger.stripped == round)
      #expect(harness.run().spans.first?.attributes == [.init("other", true), .init("greedy", true)])
      #expect(harness.run().ledger.stripped == round)
    }
  }

  @Test("Lanes have states of their own, and give the same answer")
  func lanes() async throws {
    let text = RuleHarness.rule(
      hook:
        "local t = {} for k, v in pairs(span.attributes) do t[k] = v end local s = '' for k in pairs(t) do s = s .. k end "
        + "span.name = s", can: "rewrite = { 'name' }")
    let harness = try RuleHarness(["rule": text], lanes: 3)
    let span = PlainSpan.with((0..<20).map { AttributeValue.Entry("k\($0 * 7 % 20)", 1) })
    var outputs: Set<[UInt8]> = []
    for _ in 0..<9 {
      outputs.insert(await harness.host.process(Door().admit(span.encodedRequest()).takeBatch()).encoded())
    }
    #expect(outputs.count == 1)
  }
}
