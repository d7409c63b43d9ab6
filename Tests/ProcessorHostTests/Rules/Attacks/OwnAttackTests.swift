internal import ProcessorHost
internal import Testing

/// An attack on the rule language itself: what runs while the file loads, and the body of the hook.
struct OwnAttack: Sendable, CustomTestStringConvertible {
  var name: String
  var load = ""
  var hook: String

  var testDescription: String { name }

  var script: [UInt8] { Array("\(load)\nfunction on_span(span)\n\(hook)\nend".utf8) }

  static let all = [
    OwnAttack(
      name: "an iterator over the attributes of an earlier span", load: "local it, kept",
      hook: """
        if it then local ok, k, v = pcall(it) if ok and v == "4111-first" then log("PWNED: earlier span read") end end
        if span.name == "first" then it = pairs(span.attributes) end
        """),
    OwnAttack(
      name: "a handle of an event, kept in a table that was made while loading", load: "local box = { {} }",
      hook: """
        pcall(function() box[1].e = span.events[1] end) pcall(table.insert, box[1], span.events[1])
        if span.name ~= "first" and (box[1].e or box[1][2]) then log("PWNED: handle kept") end
        """),
    OwnAttack(
      name: "data left in the tables of the language", load: "local s = settings { a = count(1) }",
      hook: """
        for _, t in pairs({ s, match, status, kind, string, table, math, utf8 }) do
          if #t > 0 then log("PWNED: kept " .. t[1]) end
          pcall(table.insert, t, span.attributes.card) pcall(table.move, { span.attributes.card }, 1, 1, 1, t)
          pcall(function() t.card = span.attributes.card end) pcall(table.sort, t) pcall(table.remove, t)
        end
        """),
    OwnAttack(
      name: "error objects that carry data across",
      load: "local e = { }",
      hook: """
        local ok, caught = pcall(error, e)
        if caught.card then log("PWNED: kept in an error object") end
        pcall(function() caught.card = span.attributes.card end)
        error(setmetatable and setmetatable({}, { __tostring = function() log("PWNED: tostring") end }) or { log = log })
        """),
    OwnAttack(
      name: "words of the language in a hook",
      hook: """
        local node = match.names { span.attributes.card }
        for i = 1, 200 do node = mark(node) array { node } map { a = node } end
        if pcall(span.hide, span, node) then log("PWNED: a step made in a hook") end
        if pcall(settings, { a = count(1) }) then log("PWNED: settings in a hook") end
        if pcall(list, "secret_words") then log("PWNED: list in a hook") end
        rule { about = "again", on_span = function() end }
        """),
    OwnAttack(
      name: "rule, called twice", load: "local first = rule { about = 'x', on_span = function() end }",
      hook: "local again = rule { about = 'y' } if again == first then log('PWNED: same') end span.attributes.x = again"
    ),
    OwnAttack(
      name: "huge tables as attributes", load: "local wide = {} for i = 1, 50000 do wide[i] = i end",
      hook: """
        for i = 1, 50 do pcall(function() span.attributes["a" .. i] = wide end) end
        local t = { wide, wide, wide, wide } for i = 1, 20 do t = { t, t, t, t } end
        pcall(function() span.attributes.t = t end)
        for k in pairs(span.attributes) do if k == "t" or k == "a1" then log("PWNED: written") end end
        """),
    OwnAttack(
      name: "deep nesting and loops in values",
      hook: """
        local loop = {} loop.loop = loop loop[1] = { loop }
        local deep = {} for i = 1, 5000 do deep = { deep } end
        for _, t in ipairs { loop, deep, array { loop }, map { a = deep } } do
          if pcall(function() span.attributes.x = t end) then log("PWNED: written") end
        end
        local t = array {} for i = 1, 2000 do t = array { t } end
        if pcall(function() span.attributes.x = t end) then log("PWNED: nodes written") end
        """),
    OwnAttack(
      name: "functions as values, span after span",
      hook: "for i = 1, 500 do pcall(function() span.attributes.x = { function() return span end } end) end"),
    OwnAttack(
      name: "counts that no machine can add up",
      hook: """
        if span.name == "first" then table.move({}, 1, math.maxinteger - 1, 2) end
        if span.name == "second" then pcall(table.move, {}, math.mininteger, -2, 1) ("x"):rep(math.maxinteger) end
        table.concat({}, "", math.mininteger, math.maxinteger)
        """),
    OwnAttack(
      name: "verbs on what is no span",
      hook: """
        for _, v in ipairs { span.events, span.attributes, span.status, match.names { "a" }, "x", {}, 1 } do
          if pcall(span.drop, v, "attack") then log("PWNED: verb took it") end
          if pcall(function() v:drop("attack") end) then log("PWNED: method") end
        end
        """),
    OwnAttack(
      name: "members worked out to reach a metatable",
      hook: """
        for _, v in ipairs { span, span.attributes, span.events, span.events[1], span.status, span.scope, match, status,
          match.names { "a" }, "text" } do
          for _, k in ipairs { "__index", "__newindex", "__metatable", "__name", "__gc", "__pairs", "__eq" } do
            local ok, found = pcall(function() return v[k] end)
            if ok and type(found) ~= "nil" then log("PWNED: reached " .. k) end
          end
        end
        """),
    OwnAttack(
      name: "a pcall around everything, to outlive the limits",
      hook: """
        local function try() pcall(function() while true do pcall(try) end end) return try() end
        pcall(try) log("PWNED: went on") span.attributes.victim = "mine"
        """),
    OwnAttack(
      name: "upvalues swapped while a call runs",
      load: "local shared = 'clean' local function set(v) shared = v end",
      hook: "if shared ~= 'clean' then log('PWNED: ' .. shared) end set(span.attributes.card) error('stop')"),
  ]
}

@Suite("Attacks on the rule language achieve nothing")
struct OwnAttackTests {
  @Test("Without the inspection at load", arguments: OwnAttack.all)
  func contained(attack: OwnAttack) throws {
    let harness = AttackHarness(script: AttackHarness.translated(attack.script))
    let report = try harness.run()
    #expect(report.isContained, "\(report)")
    #expect(report.refusal == nil)
    #expect(report.calls.count == AttackHarness.spans.count)
    #expect(report.victim == AttackHarness.unharmed)
    #expect(try harness.run() == report)
  }

  @Test("Through the whole loader", arguments: OwnAttack.all)
  func inspected(attack: OwnAttack) throws {
    let harness = AttackHarness(script: AttackHarness.translated(attack.script), isInspected: true)
    #expect(try harness.run().isContained)
  }

  @Test("The memory of a state does not grow, however many spans a rule sees")
  func memory() throws {
    let script = """
      function on_span(span)
        pcall(function() span.attributes.x = { function() return span end } end)
        pcall(function() span.nothing.x = 1 end)
        local t = {} for k, v in pairs(span.attributes) do t[k .. "x"] = { v } end
        local node = array { t }
        span.attributes.y = ("a-%s"):format(span.attributes.card):upper()
      end
      """
    let (early, late) = try AttackHarness(script: AttackHarness.translated(Array(script.utf8))).memory(
      after: 2_000, 100_000)
    #expect(late <= early + early / 2, "\(early) bytes became \(late)")
  }

  @Test("A rule that asks for absurd counts again and again does not stop the process")
  func absurdCounts() throws {
    let harness = try RuleHarness(hook: "table.move({}, 1, math.maxinteger - 1, 2)")
    for _ in 0..<80 { #expect(harness.run().spans.count == 1) }
    #expect(harness.steps <= 80 * 100_000)
  }
}
