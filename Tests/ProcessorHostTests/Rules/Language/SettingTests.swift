internal import ProcessorHost
internal import Testing

@Suite("Settings are typed and ranged by the rule, and ops move them inside the range")
struct SettingTests {
  private static let tail = "\nreturn rule { about = 'x', hide = { match.names { 'a' } } }"

  private static func refused(_ setting: String, _ message: String) -> RefusedRule {
    RefusedRule("local s = settings {\n  \(setting)\n}" + tail, line: 2, message)
  }

  @Test(
    "A declaration that cannot work is refused at its own line",
    arguments: [
      refused("t = 60", "the setting t needs a type, such as count(100) or duration \"60s\"; this is a number"),
      refused("t = duration '60'", "duration takes a number and a unit, ms, s, m or h: duration \"60s\""),
      refused("t = duration 'nans'", "duration takes a number and a unit, ms, s, m or h: duration \"60s\""),
      refused("t = duration '-1s'", "duration takes a number and a unit, ms, s, m or h: duration \"60s\""),
      refused("t = count(1.5)", "count takes a whole number: count(100)"),
      refused("t = count(5, { max = 3 })", "count gives t a value outside its range, 0 to 3"),
      refused("t = count(5, { maxx = 3 })", "count has no option maxx; did you mean max?"),
      refused("t = count(5, { min = 9, max = 3 })", "count has a min above its max"),
      refused("t = count(5, { max = 'x' })", "count has a max that is not a value of its kind"),
      refused("t = ratio(2)", "ratio gives t a value outside its range, 0 to 1"),
      refused("t = ratio(0/0)", "ratio gives t a value outside its range, 0 to 1"),
      refused("t = flag('yes')", "flag takes true or false: flag(true)"),
      refused(
        "t = choice('a', { 'b' })", "choice takes a default and the list it is from: choice(\"a\", { \"a\", \"b\" })"),
    ])
  func declarations(refused: RefusedRule) throws { try refused.check() }

  @Test(
    "Settings are written once, and what they lack cannot be read",
    arguments: [
      RefusedRule(
        "local s = settings { a = count(1) }\nlocal t = settings { b = count(1) }" + tail, line: 2,
        "settings is written once in a file; put all settings into one table"),
      RefusedRule(
        "local s = settings { limit = count(1) }\nlocal x = s.limmit" + tail, line: 2,
        "settings.limmit does not exist; did you mean settings.limit?"),
      RefusedRule(
        "local s = settings { limit = count(1) }\ns.limit = 2" + tail, line: 2,
        "this table belongs to the rule language and is read-only"),
      RefusedRule(
        "pcall(settings, { a = 5 })" + tail, line: 1,
        "the setting a needs a type, such as count(100) or duration \"60s\"; this is a number"),
    ])
  func use(refused: RefusedRule) throws { try refused.check() }

  private static let declared = """
    local s = settings {
      after = duration("60s", { min = "1s", max = "5m" }), most = count(3, { max = 9 }), share = ratio(0.5),
      on = flag(true), mode = choice("a", { "a", "b" }),
    }
    return rule {
      about = 'x',
      can = { set = { after = "number", most = "integer", share = "number", on = "boolean", mode = { "a", "b" } } },
      on_span = function(span)
        for _, name in ipairs { "after", "most", "share", "on", "mode" } do span.attributes[name] = s[name] end
      end,
    }
    """

  private static let defaults: [AttributeValue.Entry] = [
    .init("after", 60.0), .init("most", 3), .init("share", 0.5), .init("on", true), .init("mode", "a"),
  ]

  @Test("Hooks read the defaults, with the type that was declared")
  func defaultValues() throws {
    #expect(try RuleHarness(["rule": Self.declared]).span().attributes == Self.defaults)
  }

  @Test("Values from outside take the place of the defaults")
  func overrides() throws {
    let settings = ["after": "500ms", "most": "9", "share": "1", "on": "false", "mode": "b"]
    // Half a second lies below the least that the rule allows.
    #expect(
      try RuleHarness.errors(Self.declared, settings: settings).map(\.message)
        == ["the setting rule.after must be from 1s to 300s, which the rule allows"])
    let allowed = settings.merging(["after": "2m"]) { $1 }
    let harness = try RuleHarness(["rule": Self.declared], settings: ["rule": allowed])
    #expect(
      try harness.span().attributes == [
        .init("after", 120.0), .init("most", 9), .init("share", 1.0), .init("on", false), .init("mode", "b"),
      ])
  }

  @Test(
    "Values from outside that do not fit are refused",
    arguments: [
      ("after", "60", "the setting rule.after must be a duration such as 60s, not 60"),
      ("after", "1h", "the setting rule.after must be from 1s to 300s, which the rule allows"),
      ("most", "1.5", "the setting rule.most must be a whole number, not 1.5"),
      ("most", "10", "the setting rule.most must be from 0 to 9, which the rule allows"),
      ("share", "nan", "the setting rule.share must be from 0 to 1, which the rule allows"),
      ("on", "yes", "the setting rule.on must be true or false, not yes"),
      ("mode", "c", "the setting rule.mode must be one of a, b, not c"),
      ("mots", "3", "the rule has no setting mots; did you mean most?"),
    ])
  func refusedOverrides(name: String, value: String, message: String) throws {
    #expect(try RuleHarness.errors(Self.declared, settings: [name: value]).map(\.message) == [message])
  }

  @Test("A rule without settings takes none from outside, and neither does a rule that is not in the chain")
  func withoutSettings() throws {
    let plain = "return rule { about = 'x', hide = { match.names { 'a' } } }"
    #expect(
      try RuleHarness.errors(plain, settings: ["a": "1"]).map(\.message)
        == ["the rule has no setting a; it declares none"])
    let error = #expect(throws: RuleErrors.self) {
      _ = try RuleHarness(["rule": plain], settings: ["rlue": ["a": "1"]])
    }
    #expect(
      error?.errors.map(\.message) == ["there are settings for rlue, which is not in the chain; did you mean rule?"])
  }
}
