import BuiltinProcessors
import ProcessorHost
import RuleReview
import Testing

@Suite("The difference of two sets of rules")
struct RuleSetDiffTests {
  private static let redact = "return rule { about = 'Hides.', hide = { match.names { 'password' } } }"
  private static let slow = """
    local settings = settings { threshold = duration("60s", { max = "2m" }) }
    return rule { about = 'Tags.', can = { read = { "duration" }, set = { slow = "boolean" } },
      on_span = function(span) if span.duration > settings.threshold then span.attributes.slow = true end end }
    """

  private static func rules(_ redact: String = redact, _ slow: String = slow, chain: String = "'slow', 'redact'") throws
    -> ReviewedRules
  {
    try ReviewedRules(
      RuleDirectory(
        chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, \(chain) }"),
        rules: [RuleSource(file: "redact.lua", text: redact), RuleSource(file: "slow.lua", text: slow)]))
  }

  private static func diff(_ new: ReviewedRules) throws -> RuleSetDiff { try RuleSetDiff(rules(), new) }

  @Test("A set is the same as itself, also in another order of rules that only hide")
  func same() throws {
    #expect(try Self.diff(Self.rules()).findings.isEmpty)
    #expect(try Self.diff(Self.rules(chain: "'redact', 'slow'")).verdict == .same)
    let about = Self.redact.replacing("Hides.", with: "Hides more.")
    #expect(try Self.diff(Self.rules(about)).verdict == .same)
  }

  @Test("More to hide is tighter, less is looser")
  func hiding() throws {
    let more = Self.redact.replacing("'password'", with: "'password', 'token'")
    #expect(try Self.diff(Self.rules(more)).verdict == .tighter)
    let less = Self.redact.replacing("'password'", with: "'token'")
    let diff = try Self.diff(Self.rules(less))
    #expect(diff.verdict == .looser)
    #expect(diff.findings.contains { $0.verdict == .looser && $0.place.hasPrefix("redact.lua:") })
  }

  @Test("Whatever happens to code is not proven")
  func code() throws {
    let comment = Self.slow + "\n-- a comment"
    #expect(try Self.diff(Self.rules(Self.redact, comment)).verdict == .other)
    let powers = Self.slow.replacing("read = { \"duration\" }", with: "read = { \"duration\", \"name\" }")
    let diff = try Self.diff(Self.rules(Self.redact, powers))
    #expect(diff.findings.contains { $0.message == "may do more: read name" })
    #expect(try Self.diff(Self.rules(chain: "'redact'")).verdict == .other)
    let tighter = Self.redact.replacing("'password'", with: "'password', 'token'")
    #expect(try Self.diff(Self.rules(tighter, comment)).verdict == .other)
  }

  @Test("A rule under another name may be set otherwise, and is not proven")
  func renamed() throws {
    let cut = """
      local settings = settings { length = count(10, { max = MAX }) }
      return rule { about = 'Cuts.', hide = { cut(match.names { 'note' }, settings.length) } }
      """
    let rules = { (name: String, max: String) in
      try ReviewedRules(
        RuleDirectory(
          chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, '\(name)' }"),
          rules: [RuleSource(file: name + ".lua", text: cut.replacing("MAX", with: max))]))
    }
    #expect(try RuleSetDiff(rules("cut", "20"), rules("cut", "20")).verdict == .same)
    #expect(try RuleSetDiff(rules("cut", "20"), rules("shorten", "2000")).verdict == .other)
  }

  @Test("A wider range of a setting is told")
  func settings() throws {
    let wider = Self.slow.replacing("2m", with: "3m")
    let diff = try Self.diff(Self.rules(Self.redact, wider))
    #expect(
      diff.findings.contains {
        $0.message == "the setting threshold may be set from 0s to 180s, before from 0s to 120s" && $0.verdict == .other
      })
  }

  @Test("Recorded spans tell what shows, never the value")
  func recording() throws {
    var span = PlainSpan()
    span.attributes = [.init("password", .string("hunter2")), .init("note", .string("free"))]
    let old = try Self.rules()
    let new = try Self.rules(Self.redact.replacing("'password'", with: "'note'"))
    var diff = try RecordingDiff(old, new)
    diff.add(Door().admit(span.encodedRequest()).takeBatch())
    let seen = diff.changes.map { "\($0.kind.rawValue) \($0.path) \($0.spans) \($0.amount) \($0.characters.sorted())" }
    #expect(
      seen == [
        #"newly hidden attributes.note 1 4 ["letters"]"#,
        #"newly visible attributes.password 1 7 ["digits", "letters"]"#,
      ])
    #expect(diff.reveals)
    let report = try ReviewReport(RuleSetDiff(old, new), diff)
    #expect(report.mayReveal && report.verdict == .looser)
    let page =
      report.page(TextPage.self) + report.page(MarkdownPage.self) + String(decoding: try report.json(), as: UTF8.self)
    #expect(!page.contains("hunter2") && !page.contains("free"))
  }

  @Test("A span that only one set drops is counted")
  func drops() throws {
    let drop = """
      return rule { about = 'Drops.', can = { drop = { "noise" } }, on_span = function(span) span:drop "noise" end }
      """
    let old = try Self.rules()
    let new = try Self.rules(Self.redact, drop)
    let batch = Door().admit(PlainSpan().encodedRequest()).takeBatch()
    var there = try RecordingDiff(old, new)
    there.add(batch)
    #expect(there.newlyDropped == 1 && !there.reveals)
    var back = try RecordingDiff(new, old)
    back.add(batch)
    #expect(back.newlyKept == 1 && back.reveals)
  }

  @Test("That a span leaves is no proof where a rate decides, and so the clock")
  func rates() throws {
    let rate = """
      return rule { about = 'Rates.', can = { sample = { "rate" } },
        on_span = function(span) span:rate_limit(0, "rate") end }
      """
    var diff = try RecordingDiff(Self.rules(Self.redact, rate), Self.rules())
    diff.add(Door().admit(PlainSpan().encodedRequest()).takeBatch())
    #expect(diff.newlyKept == 1 && !diff.reveals)
  }

  @Test("A recording never says more than the two sets let through")
  func hiddenKeys() throws {
    let hideKeys = "return rule { about = 'Hides.', hide = { match.text { 'email' } } }"
    var span = PlainSpan()
    span.attributes = [.init("jo@example.org", .string("x"))]
    var diff = try RecordingDiff(Self.rules(hideKeys), Self.rules())
    diff.add(Door().admit(span.encodedRequest()).takeBatch())
    #expect(diff.changes.map(\.path) == ["attributes.[REDACTED]", "attributes.[REDACTED]"])
  }

  @Test("A key is told as the host would show it, wherever it stands and whenever the rules hide it")
  func unusualKeys() throws {
    let rules = [
      "return rule { about = 'Hides.', hide = { match.text { 'ip_address', 'phone' } } }",
      "return rule { about = 'Hides.', hide = { match.patterns { '^secret[a-z]+', 'id123' } } }",
      """
      local hidden = match.text { 'email' }
      return rule { about = 'Hides.', on_failure = 'strip', on_span = function(span) span:hide(hidden) end }
      """,
    ]
    let keys = ["10.11.12.13", "+49 30 1234567", "secretabc", "x[id123]", "jo@example.org"]
    for (rule, keys) in [(rules[0], keys[...1]), (rules[1], keys[2...3]), (rules[2], keys[4...])] {
      var span = PlainSpan()
      span.attributes = keys.map { .init($0, .string("x")) } + [.init("m", .map(keys.map { .init($0, .int(1)) }))]
      var diff = try RecordingDiff(Self.rules(rule), Self.rules())
      diff.add(Door().admit(span.encodedRequest()).takeBatch())
      #expect(diff.changes.contains { $0.kind == .newlyVisible && $0.path.hasPrefix("attributes.m.") })
      for part in ["11", "30", "secretabc", "123", "jo@"] {
        #expect(!diff.changes.contains { $0.path.contains(part) }, "\(diff.changes)")
      }
    }
  }

  @Test("What a rule hides with other values of its settings is not known")
  func useOfSettings() throws {
    let rule = { (hide: String, settings: String) in
      "local settings = settings { \(settings) }\nreturn rule { about = 'Hides.', hide = { \(hide) } }"
    }
    let flag = "off = flag(false)"
    let plain = "match.names { 'password' }, settings.off and match.names { 'a' } or match.names { 'b' }"
    let door = "settings.off and match.names { 'a' } or match.names { 'password' }, match.names { 'b' }"
    #expect(try RuleSetDiff(Self.rules(rule(plain, flag)), Self.rules(rule(door, flag))).verdict == .other)
    let cut = "cut(match.names { 'note' }, settings.length)"
    let old = try Self.rules(rule(cut, "length = count(100, { max = 500 })"))
    #expect(try RuleSetDiff(old, Self.rules(rule(cut, "length = count(90, { max = 400 })"))).verdict == .tighter)
    #expect(try RuleSetDiff(old, Self.rules(rule(cut, "length = count(100, { max = 501 })"))).verdict == .other)
  }
}
