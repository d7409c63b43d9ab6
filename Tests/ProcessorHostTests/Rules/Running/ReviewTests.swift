internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Review") struct ReviewTests {
  @Test func b5_staleBuilder() throws {
    let h = try RuleHarness(hook: #"""
      if span.name == "first" then span.attributes.a = { "SECRET1" }
        local t = {} t.t = t
        pcall(function() span.attributes.x = t end)
      else span.attributes.b = { 1, 2 } end
      """#, can: #"rewrite = { "attributes.*" }"#)
    var s = PlainSpan.plain; s.name = "first"
    _ = h.run(s)
    let o = h.run(.plain)
    #expect(o.failures == [])
    #expect(o.spans.first?["b"] == .array([1, 2]))
    #expect(!o.holds("SECRET1"))
  }
  @Test func b3_settingsInHook() throws {
    let h = try RuleHarness(hook: #"span.attributes.ok = pcall(settings, { a = count(1) })"#, can: #"set = { ok = "boolean" }"#)
    let a = try h.span()["ok"], b = try h.span()["ok"]
    #expect(a == b)
  }
  @Test func b7_refLeak() throws {
    let h = try RuleHarness(hook: #"pcall(function() span.attributes.x = { function() return string.rep("a", 1000) end, {}, {} } end)"#, can: #"rewrite = { "attributes.*" }"#)
    for i in 0..<60000 { let o = h.run(); if !o.failures.isEmpty { Issue.record("\(i) \(o.failures)"); break } }
  }
  @Test func b8_secretInMessage() throws {
    for hook in ["local x = span.attributes[span.attributes.password .. ''] or span[span.attributes.password]",
      "span.attributes[span.attributes.password] = 1", "local x = span[span.attributes.password]", "local x = status[span.attributes.password]",
      "local x = span.events[1][span.attributes.password]", "span[span.attributes.password] = 1", "local x = span.status[span.attributes.password]",
      "list(span.attributes.password)", "string.format(span.attributes.password)", "string.find('x', '[' .. span.attributes.password)",
      "error(span.attributes.password)", "error({span.attributes.password})", "local x = {} ; x = x[span.attributes.password].y", "local x = span.attributes.password + 1",
      "span:drop(span.attributes.password)", "local x = span.resource[span.attributes.password]", "string.format('%' .. span.attributes.password, 1)",
      "span.attributes.password()", "local x = match[span.attributes.password]", "local x = string[span.attributes.password]", "assert(false, span.attributes.password)", "tostring(1)[span.attributes.password]()",
      "for i = 1, span.attributes.password do end", "local x = math[span.attributes.password]", "utf8.char(span.attributes.password)", "select(span.attributes.password)", "table.concat({1,{}}, span.attributes.password)", "settings { a = span.attributes.password }", "settings { [span.attributes.password] = 1}", "list(span.attributes.password .. '')", "string.rep('x', span.attributes.password)", "local x = #span.attributes.password < {}", "goto_x = nil" ] {
      guard let h = try? RuleHarness(["rule": "return rule { about = 't', can = { read = { 'attributes.password', 'events', 'resource.x' }, drop = {'a'} }, on_span = function(span) \(hook)\nend }"]) else { print("NOLOAD", hook); continue }
      var s = PlainSpan.with("password", "hunter2xyz"); s.events = [SpanEvent(name: "e")]
      let o = h.run(s)
      print(hook, "=>", o.failures)
      #expect(!o.failures.joined().contains("hunter2xyz"), "\(hook)")
    }
  }
  @Test func b12_pairsCost() throws {
    let h = try RuleHarness(["rule": "return rule { about = 't', on_span = function(span) while true do for k in pairs(span.attributes) do end end end }"])
    let s = PlainSpan.with((0..<20000).map { AttributeValue.Entry("key\($0)", 1) })
    let clock = ContinuousClock()
    let t = clock.measure { let o = h.run(s); print(o.failures) }
    print("pairs cost", t)
  }
  @Test func b12_other() throws {
    for hook in ["while true do local x = span.events[1].name end", "while true do local x = span.name end", "while true do span.attributes.x = 1 end", "while true do local x = #span.events end", "while true do local x = span.attributes.x end", "local e = span.events[1] while true do local x = e.name end"] {
      let h = try RuleHarness(hook: hook, can: #"rewrite = { "attributes.*" }"#)
      var s = PlainSpan.with((0..<4000).map { AttributeValue.Entry("key\($0)", 1) })
      s.events = [SpanEvent(name: "e")]
      s.name = "work"
      let clock = ContinuousClock()
      let t = clock.measure { let o = h.run(s); print(o.failures) }
      print("cost", hook, t)
    }
  }
  @Test func b4_quadratic() throws {
    let h = try RuleHarness(hook: "for i = 1, 20 do span.attributes.x = t end", can: #"rewrite = { "attributes.*" }"#, header: "local t = {} for i = 1, 20000 do t[i] = 1 end")
    let clock = ContinuousClock()
    let t = clock.measure { let o = h.run(); print(o.failures) }
    print("quad", t)
    let t2 = try clock.measure { print(try RuleHarness.errors("local t = {} for i = 1, 30000 do t[i] = 1 end return rule { about = 't', hide = t }").map(\.description)) }
    print("quad load", t2)
  }
  @Test func b28_reload() throws {
    let h = try RuleHarness(hook: "if span.name == 'first' then local t = {} for i = 1, 1e9 do t[i] = string.rep('a', 1e6) .. i end end span.attributes.done = true", can: #"set = { done = "boolean" }"#)
    var s = PlainSpan.plain; s.name = "first"
    let o = h.run(s)
    print(o.failures)
    let p = h.run(.plain)
    #expect(p.spans.first?["done"] == true)
    print(p.failures)
  }
  @Test func b53_settingsTable() throws {
    for table in ["settings", "match", "status", "kind"] {
      let h = try RuleHarness(hook: "span.attributes.ok = pcall(table.insert, t, 7) span.attributes.n = #t", can: #"set = { ok = "boolean", n = "integer" }"#, header: table == "settings" ? "local t = settings { a = count(1) }" : "local t = \(table)")
      let a = try h.span(), b = try h.span()
      #expect(a.attributes == b.attributes, "\(table)")
      #expect(a["ok"] == false)
    }
  }
  @Test func b58_deep() throws {
    let h = try RuleHarness(hook: "local t = { a = 1 } for i = 1, 30 do t = { a = t } end span.attributes.x = t", can: #"rewrite = { "attributes.*" }"#)
    let o = h.run()
    print(o.failures)
    let again = Door().admit(o.bytes)
    #expect(again.refusals.isEmpty)
    print(again.refusals)
  }
  @Test func weight() throws {
    let h = try RuleHarness(hook: "if span.name == 'first' then local s = string.rep('a', 900000) end for i = 1, 30000 do end span.attributes.done = true", can: #"set = { done = "boolean" }"#)
    _ = h.run(); let one = h.steps
    var s = PlainSpan.plain; s.name = "first"
    _ = h.run(s); let two = h.steps
    _ = h.run(); let three = h.steps
    print("steps", one, two - one, three - two)
    #expect(three - two == one)
  }
  @Test func b40_chainHole() throws {
    let d = RuleDirectory(chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, 'a', nil, 'b' }"), rules: [RuleSource(file: "a.lua", text: "return rule { about = 'a', hide = { match.names { 'a' } } }"), RuleSource(file: "b.lua", text: "return rule { about = 'a', hide = { match.names { 'b' } } }")])
    #expect(throws: RuleErrors.self) { try SpanProcessorHost(.init(rules: d), natives: .builtin) }
  }
  @Test func b41_crlf() throws {
    let h = try RuleHarness(["r": "return rule { about = 't', hide = { match.words(list 'w') } }"], lists: ["w": "password # x\r\ntoken\r\n"])
    let o = h.run(.with("token", "SECRET"))
    #expect(!o.holds("SECRET"))
  }
  @Test func b41_bom() throws {
    let h = try? RuleHarness(["r": "return rule { about = 't', hide = { match.words(list 'w') } }"], lists: ["w": "\u{FEFF}token\n"])
    if let h { #expect(!h.run(.with("token", "SECRET")).holds("SECRET")) }
  }
  @Test func b_conditionalLimit() throws {
    let h = try RuleHarness(hook: "if span.name == 'x' then span:hide(l) end", header: "local l = limit { attributes = 1 }")
    #expect(try h.span(.with([.init("a", 1), .init("b", 2)])).attributes.count == 2)
  }
  @Test func b23_manySteps() throws {
    print(try RuleHarness.errors("local t = {} local m = match.names { 'a' } for i = 1, 5000 do t[i] = m end return rule { about = 't', hide = t }").map(\.description))
  }
}
