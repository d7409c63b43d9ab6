internal import ProcessorHost
internal import Testing

@Suite("No message of a failing rule holds what the span holds")
struct MessageTests {
  private static let secret = "hunter2-9f3c"

  @Test(
    "The value of an attribute, used wherever an error could quote it",
    arguments: [
      "local x = span.attributes[s]", "span.attributes[s] = 1", "span.attributes.a = s", "local x = span[s]",
      "span[s] = 1",
      "local x = status[s]", "local x = kind[s]", "local x = match[s]", "local x = string[s]", "local x = math[s]",
      "local x = span.events[1][s]", "local x = span.events[s]", "local x = span.status[s]", "span.status[s] = 1",
      "local x = span.scope[s]", "local x = span.scope.attributes[s]", "local x = span.resource[s]",
      "local x = span.events[1].attributes[s] .. nil", "list(s)", "settings { [s] = 1 }", "settings { a = s }",
      "error(s)", "error({ s })", "error(s, 0)", "assert(false, s)", "assert(nil, { s })", "span:drop(s)",
      "span:keep(s)",
      "span:sample(s, 'a')", "span:sample(1, s)", "span:hide(s)", "string.format('%d', s)",
      "string.format('%' .. s, 1)",
      "string.format(s .. '%')", "('x'):find('[' .. s)", "('x'):gsub('(' .. s, '')", "('x'):gsub('x', '%' .. s)",
      "('x'):rep(s)", "table.concat({ {} }, s)", "table.concat({ s, {} })", "utf8.char(s)", "utf8.codepoint(s, 99)",
      "select(s)", "tonumber(s, 99)", "tonumber(s, 'x')", "math.floor(s)", "for i = 1, s do end", "local x = s + 1",
      "local x = s < 1", "local x = s()", "local x = s.x.y", "local x = #nil .. s", "local t = {} t[s].x = 1",
      "local t = {} t[s]()", "local t = {} t[s]:m()", "local x = -s", "local x = s & 1", "pairs(s)", "ipairs()(s)",
      "table.insert(s, 1)", "table.sort({ s, 1, {} })", "('x')[s]()", "s:nothing()", "local x = { [nil] = s }",
      "cut(s)()", "match.names(s)()", "span.name = { s }", "span.attributes.b = { [s] = function() end }",
      "local t = {} t.t = t t[s] = s span.attributes.b = t", "span.attributes.b = ('x'):rep(70000) .. s",
    ])
  func messages(code: String) throws {
    let text =
      "return rule { about = 'x', can = { read = { 'attributes.password', 'events', 'scope.name' }, drop = { 'a' }, "
      + "sample = { 'a' }, set = { a = 'integer' }, rewrite = { 'attributes.b' } }, on_failure = 'strip', "
      + "on_span = function(span)\nlocal s = span.attributes.password\n\(code)\nend }"
    let harness: RuleHarness
    do { harness = try RuleHarness(["rule": text]) } catch let errors as RuleErrors {
      // Refused while loading, before there was a span.
      #expect(!errors.description.isEmpty)
      return
    }
    var span = PlainSpan.with([.init("password", .string(Self.secret)), .init("other", .string(Self.secret))])
    span.events = [SpanEvent(name: Self.secret)]
    let outcome = harness.run(span)
    #expect(outcome.failures.count == 1)
    #expect(!outcome.failures.joined().contains(Self.secret))
    #expect(outcome.failures.allSatisfy { $0.hasPrefix("rule.lua:3: ") })
    #expect(!outcome.holds(Self.secret))
  }

  @Test("Names that stand in the rule's text are shown")
  func namesInTheText() throws {
    let outcome = try RuleHarness([
      "rule": "return rule { about = 'x', on_span = function(span) "
        + "local key = 'card' local x = span.attributes[key] end }"
    ]).run()
    #expect(outcome.failures == ["rule.lua:1: the rule may not read attributes.card; add it to can.read if it should"])
  }
}
