internal import ProcessorHost
internal import Testing

@Suite("Why a trace stays, in an attribute")
struct TraceReasonTests {
  private static let powers = "sample = { 'error', 'share', 'busy' }, drop = { 'noise' }, sample_reason = 'why'"

  private func reasons(_ hook: String) throws -> [UInt64: AttributeValue] {
    let outcome = try TraceHarness(hook, can: Self.powers).run(TraceHarness.trace())
    #expect(outcome.failures == [])
    return outcome.values("why")
  }

  @Test(
    "is the reason that counted, on every span",
    arguments: [
      ("trace:keep 'error'", "error"),
      ("trace:keep 'error' trace:sample(0, 'share')", "error"),
      ("trace:keep 'error' trace:keep 'share'", "error"),
      ("trace:sample(1, 'share')", "share"),
      ("trace:sample(1, 'share') trace:keep 'error'", "share"),
      ("trace:sample_dynamic(1000, 'busy', 'k')", "busy"),
      ("trace:sample_dynamic(1000, 'busy') trace:keep 'error'", "busy"),
      ("trace:sample(1, 'share') trace:sample_dynamic(1000, 'busy')", "busy"),
      ("trace:rate_limit(1000, 'busy')", "busy"),
      ("trace:rate_limit(1000, 'busy') trace:keep 'error'", "error"),
      ("trace:rate_limit(1000, 'busy') trace:sample(1, 'share')", "share"),
    ])
  func counted(hook: String, reason: String) throws {
    let why = AttributeValue.string(reason)
    #expect(try reasons(hook) == [1: why, 2: why, 3: why])
  }

  @Test("is not there where the rule says nothing, and nothing leaves of a trace that goes")
  func unsaid() throws {
    #expect(try reasons("").isEmpty)
    #expect(try reasons("trace:sample(0, 'share')").isEmpty)
    #expect(try reasons("trace:drop 'noise' trace:keep 'error'").isEmpty)
  }

  @Test("takes the place of what the span came with")
  func replaced() throws {
    let given = TraceHarness.span(1, parent: 0, 0, 1) { $0.attributes = [.init("why", .string("because"))] }
    let outcome = try TraceHarness("trace:keep 'error'", can: Self.powers).run([given])
    #expect(outcome.spans.map(\.attributes) == [[.init("why", .string("error"))]])
  }

  @Test("is only written by the rule whose reason counted, and by none that failed")
  func severalRules() throws {
    let harness = try RuleHarness([
      "first": TraceHarness.rule("trace:keep 'error' error('x')", can: "sample = { 'error' }, sample_reason = 'first'"),
      "second": TraceHarness.rule("trace:sample(1, 'share')", can: "sample = { 'share' }, sample_reason = 'second'"),
      "third": TraceHarness.rule("trace:keep 'error'", can: "sample = { 'error' }, sample_reason = 'third'"),
    ])
    let spans = harness.run(request: TraceHarness.span(1, parent: 0, 0, 1).encodedRequest()).spans
    #expect(spans.map(\.attributes) == [[.init("second", .string("share"))]])
  }

  @Test("is bounded: a hook that gives reasons without end fails")
  func endless() throws {
    let failure = try TraceHarness.failure("while true do trace:keep 'error' end", can: Self.powers)
    #expect(failure.contains("the hook sets more on this trace than there is room for"))
  }
}
