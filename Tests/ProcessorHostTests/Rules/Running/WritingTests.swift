internal import ProcessorHost
internal import Testing

@Suite("What hooks write arrives on the wire")
struct WritingTests {
  private func written(_ code: String, can: String, _ span: PlainSpan = .plain) throws -> PlainSpan {
    try RuleHarness(hook: code, can: can).span(span)
  }

  @Test(
    "The types of set",
    arguments: [
      ("true", "'boolean'", AttributeValue.bool(true)), ("5", "'integer'", .int(5)), ("5.0", "'integer'", .int(5)),
      ("math.mininteger", "'integer'", .int(.min)), ("5", "'number'", .double(5)), ("0.5", "'number'", .double(0.5)),
      ("1/0", "'number'", .double(.infinity)), ("'y'", "{ 'x', 'y' }", .string("y")),
    ])
  func types(value: String, type: String, expected: AttributeValue) throws {
    #expect(
      try written("span.attributes.a = \(value)", can: "set = { a = \(type) }").attributes == [.init("a", expected)])
  }

  @Test(
    "Rewriting takes values of any kind",
    arguments: [
      ("'hé\\0'", AttributeValue.string("hé\0")), ("{ 1, 2.5, 'x', true }", .array([1, 2.5, "x", true])),
      ("{ a = 1, b = { c = 'x' } }", .map([.init("a", 1), .init("b", .map([.init("c", "x")]))])),
      ("array {}", .array([])), ("map {}", .map([])), ("{}", .map([])),
      (
        "array { array {}, map { k = 1 } }",
        .array([.array([]), .map([.init("k", 1)])])
      ),
      ("{ ['k\\0'] = 1 }", .map([.init("k\0", 1)])),
    ])
  func rewriting(value: String, expected: AttributeValue) throws {
    #expect(
      try written("span.attributes.a = \(value)", can: "rewrite = { 'attributes.a' }").attributes
        == [.init("a", expected)])
  }

  @Test(
    "What has no place in a span is refused, with the reason",
    arguments: [
      ("function() end", Self.kinds), ("{ function() end }", Self.kinds), ("{ 1, x = 2 }", Self.kinds),
      ("{ [1.5] = 2 }", Self.kinds), ("{ 1, nil, 3 }", Self.kinds), ("span", Self.kinds), ("rule {}", Self.kinds),
      ("array { x = 1 }", Self.kinds), ("map { 1 }", Self.kinds), ("'\\xFF'", Self.tooLong),
      ("{ '\\xFF' }", Self.kinds),
      ("('x'):rep(65537)", Self.tooLong), ("{ ('x'):rep(65530), 'xx' }", Self.tooLong),
      ("(function() local t = {} t.t = t return t end)()", "tables nest deeper than 16 levels"),
    ])
  func unfit(value: String, reason: String) throws {
    let outcome = try RuleHarness(hook: "span.attributes.a = \(value)", can: "rewrite = { 'attributes.*' }").run()
    let prefix = reason.hasPrefix("tables") ? "" : "attributes.a: "
    #expect(outcome.failures == ["rule.lua:1: " + prefix + reason])
  }

  private static let kinds =
    "a value is a boolean, a number, a UTF-8 string, or a table of them that is a list or has only names"
  private static let tooLong = "a text that a rule writes is UTF-8 of at most 65536 bytes"

  @Test("The deepest value that a rule can write passes the door of the next host")
  func depth() throws {
    for (wrap, levels) in [("{ t }", 15), ("{ t = t }", 15), ("array { t }", 15), ("map { t = t }", 15)] {
      let harness = try RuleHarness(
        hook: "local t = { 1 } for i = 1, \(levels) do t = \(wrap) end span.attributes.x = t",
        can: "rewrite = { 'attributes.*' }")
      let outcome = harness.run()
      #expect(outcome.failures.isEmpty)
      #expect(Door().admit(outcome.bytes).refusals.isEmpty)
    }
  }

  @Test("A value that was read can be written again")
  func copies() throws {
    let values: [AttributeValue] = ["t", 1, 1.5, true, .array([1, .map([.init("k", "v")])])]
    for value in values {
      let span = try written(
        "span.attributes.b = span.attributes.a", can: "rewrite = { 'attributes.b' }", .with("a", value))
      #expect(span["b"] == value)
    }
  }

  @Test("Writing a key that stands twice leaves it once, where the first stood; nil removes both")
  func duplicates() throws {
    let given = PlainSpan.with([.init("a", 1), .init("k", 1), .init("b", 1), .init("k", 2)])
    let set = try written("span.attributes.k = 3", can: "set = { k = 'integer' }", given)
    #expect(set.attributes == [.init("a", 1), .init("k", 3), .init("b", 1)])
    let removed = try written("span.attributes.k = nil", can: "set = { k = 'integer' }", given)
    #expect(removed.attributes == [.init("a", 1), .init("b", 1)])
  }

  @Test("Name and status")
  func fields() throws {
    let span = try written(
      "span.name = 'new' span.status.message = 'gone' span.status.code = status.ok",
      can: "rewrite = { 'name', 'status.code', 'status.message' }")
    #expect(span.name == "new")
    #expect(span.statusMessage == "gone")
    #expect(span.statusCode == 1)
  }

  @Test(
    "Fields take values of their kind",
    arguments: [
      ("span.name = 5", "name is a string"), ("span.name = nil", "name is a string"),
      ("span.status.code = 3", "status.code is status.unset, status.ok or status.error"),
      ("span.status.code = 'error'", "status.code is status.unset, status.ok or status.error"),
      ("span.status.mesage = 'x'", "mesage is not a field of a status; did you mean message?"),
      ("span.nmae = 'x'", "span.nmae is not a field of a span; did you mean name?"),
    ])
  func fieldTypes(code: String, message: String) throws {
    let text =
      "return rule { about = 'x', can = { rewrite = { 'name', 'status.code' , 'status.message' } }, "
      + "on_span = function(span) \(code) end }"
    let found: [String]
    do { found = try RuleHarness(["rule": text]).run().failures } catch let errors as RuleErrors {
      found = errors.errors.map { "rule.lua:1: \($0.message)" }
    }
    #expect(found == ["rule.lua:1: " + message])
  }

  @Test("A rule cannot make a span grow without end")
  func growth() throws {
    let harness = try RuleHarness(
      hook: "for i = 1, 5000 do if not pcall(function() span.attributes['k' .. i] = 1 end) then return end end",
      can: "rewrite = { 'attributes.*' }")
    let outcome = harness.run()
    #expect((outcome.spans.first?.attributes.count ?? 0) <= 4096)
  }

  @Test("Writing while pairs runs ends")
  func writingInPairs() throws {
    let harness = try RuleHarness(
      hook: "for k in pairs(span.attributes) do span.attributes[k .. 'x'] = 1 end", can: "rewrite = { 'attributes.*' }")
    let outcome = harness.run(.with("a", 1))
    #expect(outcome.spans.count == 1)
    let removing = try RuleHarness(
      hook: "for k in pairs(span.attributes) do span.attributes[k] = nil end", can: "rewrite = { 'attributes.*' }")
    #expect(try removing.span(.with([.init("a", 1), .init("b", 1), .init("a", 2)])).attributes.isEmpty)
  }
}
