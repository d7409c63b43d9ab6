internal import ProcessorHost
internal import Testing

@Suite("A hook that oversteps its powers fails at that line")
struct PowerTests {
  /// A rule with these powers whose hook does this in its second line.
  private func failure(_ code: String, can: String, header: String = "", tail: String = "") throws -> [String] {
    let text =
      "\(header)return rule { about = 'x', \(can.isEmpty ? "" : "can = { \(can) },") \(tail) on_span = function(span)\n"
      + code + "\nend }"
    var span = PlainSpan.with([.init("open", 1), .init("closed", "hunter2")])
    span.events = [SpanEvent(name: "e", attributes: [.init("k", 1)])]
    span.resource = [.init("service.name", "shop")]
    let outcome = try RuleHarness(["rule": text]).run(span)
    #expect(outcome.spans.map(\.attributes) == [span.attributes], "a failed rule's edits are undone")
    return outcome.failures
  }

  private static let read = "add it to can.read if it should"

  @Test(
    "Reading",
    arguments: [
      ("local x = span.name", "", "the rule may not read name; \(read)"),
      ("local x = span.name", "read = { 'kind' }", "the rule may not read name; \(read)"),
      ("local x = span.status.message", "read = { 'status.code' }", "the rule may not read status.message; \(read)"),
      (
        "local x = span.attributes.closed", "read = { 'attributes.open' }",
        "the rule may not read attributes.closed; \(read)"
      ),
      (
        "local x = span.attributes.closed", "read = { 'attributes.close' }",
        "the rule may not read attributes.closed; \(read)"
      ),
      (
        "local x = span.resource['service.name']", "read = { 'attributes.*' }",
        "the rule may not read resource.service.name; \(read)"
      ),
      ("local x = #span.events", "read = { 'links' }", "the rule may not read events; \(read)"),
      ("local x = span.events[1]", "", "the rule may not read events; \(read)"),
      (
        "local x = span.scope.attributes.k", "read = { 'scope.name' }",
        "the rule may not read scope.attributes.k; \(read)"
      ),
      ("local x = span.parent_span_id", "read = { 'span_id' }", "the rule may not read parent_span_id; \(read)"),
    ])
  func reading(code: String, can: String, message: String) throws {
    #expect(try failure(code, can: can) == ["rule.lua:2: \(message)"])
  }

  @Test(
    "Writing",
    arguments: [
      ("span.attributes.a = 1", "", "the rule may not set attributes.a; add it to can.set with its type if it should"),
      (
        "span.attributes.a = nil", "set = { b = 'boolean' }",
        "the rule may not set attributes.a; add it to can.set with its type if it should"
      ),
      ("span.attributes.a = 'free'", "set = { a = 'boolean' }", "attributes.a takes a boolean, as can.set says"),
      ("span.attributes.a = 1.5", "set = { a = 'integer' }", "attributes.a takes a whole number, as can.set says"),
      ("span.attributes.a = true", "set = { a = 'number' }", "attributes.a takes a number, as can.set says"),
      ("span.attributes.a = 'z'", "set = { a = { 'x', 'y' } }", "attributes.a takes one of x, y, as can.set says"),
      ("span.attributes.a = {}", "set = { a = { 'x', 'y' } }", "attributes.a takes one of x, y, as can.set says"),
      ("span.name = 'x'", "read = { 'name' }", "the rule may not write name; add it to can.rewrite if it should"),
      (
        "span.status.code = status.ok", "rewrite = { 'status.message' }",
        "the rule may not write status.code; add it to can.rewrite if it should"
      ),
      ("span.kind = 1", "rewrite = { 'name' }", "kind cannot be written"),
      ("span.trace_id = 'x'", "read = { '*' }", "trace_id cannot be written"),
      ("span.status = 1", "rewrite = { 'status.code' }", "span.status cannot be assigned"),
      ("span.attributes = {}", "rewrite = { 'attributes.*' }", "span.attributes cannot be assigned"),
      (
        "span.events[1].name = 'x'", "read = { '*' }, rewrite = { 'attributes.*' }",
        "only span.attributes, span.name and span.status can be written; hide the rest instead"
      ),
      (
        "span.events[1].attributes.k = 2", "read = { '*' }, rewrite = { 'attributes.*' }",
        "only span.attributes, span.name and span.status can be written; hide the rest instead"
      ),
      (
        "span.resource.k = 2", "read = { '*' }, rewrite = { 'attributes.*' }",
        "only span.attributes, span.name and span.status can be written; hide the rest instead"
      ),
      (
        "span.events[1] = nil", "read = { '*' }, rewrite = { 'attributes.*' }",
        "only span.attributes, span.name and span.status can be written; hide the rest instead"
      ),
      ("span.attributes[1] = true", "rewrite = { 'attributes.*' }", "an attribute key is a string, this is a number"),
    ])
  func writing(code: String, can: String, message: String) throws {
    #expect(try failure(code, can: can) == ["rule.lua:2: \(message)"])
  }

  @Test(
    "Verbs",
    arguments: [
      ("span:drop 'noise'", "", "the rule may not drop spans; declare the reason under can.drop"),
      ("span:drop 'hunter2'", "drop = { 'noise' }", "the reason is not one of can.drop: noise"),
      ("span:keep 'noise'", "drop = { 'noise' }", "the rule may not sample spans; declare the reason under can.sample"),
      ("span:sample(0.5, 'x')", "sample = { 'ratio', 'slow' }", "the reason is not one of can.sample: ratio, slow"),
      (
        "span:sample(0.5)", "sample = { 'ratio' }",
        "span:sample needs a reason, a string that the rule declares under `can`"
      ),
      ("span:sample('ratio', 0.5)", "sample = { 'ratio' }", "span:sample takes a number first, this is a string"),
      ("span:sample(1.5, 'ratio')", "sample = { 'ratio' }", "the number for span:sample is out of range"),
      ("span:sample(0/0, 'ratio')", "sample = { 'ratio' }", "the number for span:sample is out of range"),
      ("span:rate_limit(-1, 'ratio')", "sample = { 'ratio' }", "the number for span:rate_limit is out of range"),
      ("span.drop('noise')", "drop = { 'noise' }", "span:drop(…) is written with a colon"),
      ("span.keep({}, 'noise')", "sample = { 'noise' }", "span:keep(…) is written with a colon"),
    ])
  func verbs(code: String, can: String, message: String) throws {
    #expect(try failure(code, can: can) == ["rule.lua:2: \(message)"])
  }

  @Test(
    "span:hide takes a step that the file made", arguments: ["'card'", "nil", "{}", "span", "match.names { 'card' }"])
  func hide(argument: String) throws {
    let text =
      "local step = match.names { 'a' } return rule { about = 'x', on_failure = 'strip', "
      + "on_span = function(span)\nspan:hide(\(argument)) local keep = step end }"
    let outcome = try RuleHarness(["rule": text]).run(.with("card", "hunter2"))
    #expect(outcome.failures.count == 1)
    #expect(outcome.failures.first?.hasPrefix("rule.lua:2: span:hide takes a step") == true)
    #expect(outcome.ledger.stripped == 1)
    #expect(!outcome.holds("hunter2"))
  }

  @Test("A prefix opens what begins with it, and pairs shows only what is open")
  func prefixes() throws {
    let text =
      "return rule { about = 'x', can = { read = { 'attributes.http.*', 'attributes.b' }, set = { n = 'integer' } },"
      + " on_span = function(span) local n = 0 for k in pairs(span.attributes) do n = n + 1 end span.attributes.n = n end }"
    let span = PlainSpan.with([
      .init("a", 1), .init("http.route", 1), .init("http.", 1), .init("http", 1), .init("b", 1), .init("bb", 1),
    ])
    #expect(try RuleHarness(["rule": text]).span(span)["n"] == 3)
  }

  @Test("pcall does not make a refusal undone, only survivable")
  func caught() throws {
    let text =
      "return rule { about = 'x', can = { set = { ok = 'boolean' } }, on_span = function(span)"
      + " span.attributes.ok = pcall(function() return span.attributes.closed end) end }"
    #expect(try RuleHarness(["rule": text]).span(.with("closed", "hunter2"))["ok"] == false)
  }
}
