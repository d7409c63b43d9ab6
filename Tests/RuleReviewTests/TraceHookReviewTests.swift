import BuiltinProcessors
import ProcessorHost
import RuleReview
import Testing

@Suite("A review of rules for whole traces")
struct TraceHookReviewTests {
  private static let header = "local settings = settings { whole = flag(false) } return rule { about = 'Tags.', "
  private static let powers = "can = { read = { 'trace.duration' }, set = { slow = 'boolean' }, drop = { 'probe' } }, "
  private static let onSpan = "on_span = function(span) span.attributes.slow = true end, "
  private static let onTrace = "on_trace = function(trace) trace:set('slow', trace.duration > 1) end, "
  private static let idle = "on_trace = settings.whole and function(trace) trace:set('slow', true) end, "

  private static func rules(_ fields: String) throws -> ReviewedRules {
    try ReviewedRules(
      RuleDirectory(
        chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, 'slow' }"),
        rules: [RuleSource(file: "slow.lua", text: header + fields + "}")]))
  }

  @Test("A hook that is new, one that goes and one that a setting switches off are named, and nothing is proven")
  func diff() throws {
    let powers = Self.powers.replacing("read = { 'trace.duration' }, ", with: "")
    let span = try Self.rules(powers + Self.onSpan)
    let both = try Self.rules(Self.powers + Self.onSpan + Self.onTrace)
    let off = try Self.rules(powers + Self.onSpan + Self.idle)
    let grown = try RuleSetDiff(span, both)
    #expect(grown.verdict == .other)
    #expect(grown.findings.contains { $0.message == "its code is on_span and on_trace, before on_span" })
    #expect(grown.findings.contains { $0.message.hasPrefix("may do more: read trace.duration") })
    #expect(
      try RuleSetDiff(both, span).findings.contains { $0.message == "its code is on_span, before on_span and on_trace" }
    )
    let idle = try RuleSetDiff(span, off)
    #expect(
      idle.findings.contains {
        $0.message == "its code is on_span and on_trace, which a setting has switched off, before on_span"
      })
  }

  @Test("A rule that has nothing but a hook for traces has code, and a change of it is a change of code")
  func traceOnly() throws {
    let rule = try Self.rules(Self.powers + Self.onTrace)
    let other = try Self.rules(Self.powers + Self.onTrace.replacing("> 1", with: "> 2"))
    #expect(try RuleSetDiff(rule, rule).findings.isEmpty)
    let diff = try RuleSetDiff(rule, other)
    #expect(diff.verdict == .other)
    #expect(diff.findings.contains { $0.message == "the file has changed, and its code runs for each trace" })
  }

  @Test("The audit names the hooks, and says that spans are held and what is lost as a whole")
  func audit() throws {
    let audit = RuleAudit(try Self.rules(Self.powers + Self.onTrace), tests: ["slow": 1])
    #expect(audit.rules.map(\.hooks) == [["on_trace"]])
    #expect(audit.rules.map(\.onFailure) == [nil])
    #expect(audit.losses.contains("whole traces: slow drops them, reason probe"))
    #expect(audit.concerns.contains { $0.hasPrefix("slow looks at whole traces") })
    #expect(audit.rules[0].powers == ["read trace.duration", "set slow to a boolean", "drop traces, reason probe"])
    let page = audit.page(TextPage.self)
    #expect(page.contains("hooks: on_trace"))
    let off = RuleAudit(
      try Self.rules(Self.powers.replacing("read = { 'trace.duration' }, ", with: "") + Self.onSpan + Self.idle),
      tests: [:])
    #expect(off.rules.map(\.idleHooks) == [["on_trace"]])
    #expect(off.concerns.contains("on_trace of slow is switched off by a setting, which ops may move"))
    #expect(off.page(MarkdownPage.self).contains("hooks: on_span; on_trace, switched off by a setting"))
  }

  @Test("An attribute that says why traces stay is a power, in the audit and between two sets")
  func reason() throws {
    let hook = "on_trace = function(trace) trace:keep 'all' end, "
    let silent = try Self.rules("can = { sample = { 'all' } }, " + hook)
    let telling = try Self.rules("can = { sample = { 'all' }, sample_reason = 'why' }, " + hook)
    let grown = try RuleSetDiff(silent, telling)
    #expect(grown.verdict == .other)
    #expect(grown.findings.map(\.message).contains("may do more: set why to the reason for which a trace stays"))
    #expect(RuleAudit(telling, tests: [:]).rules[0].powers.contains("set why to the reason for which a trace stays"))
  }

  @Test("Where the old rules held a rate by kinds, a span that now leaves proves nothing")
  func recording() throws {
    let limited = try Self.rules(
      "can = { sample = { 'all' } }, on_trace = function(trace) trace:sample_dynamic(0, 'all') end, ")
    let open = try Self.rules("can = { sample = { 'all' } }, on_trace = function(trace) trace:keep 'all' end, ")
    var diff = try RecordingDiff(limited, open)
    diff.add(Door().admit(PlainSpan().encodedRequest()).takeBatch())
    #expect(diff.newlyKept == 1)
    #expect(!diff.reveals)
  }
}
