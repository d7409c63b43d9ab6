internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("A failing rule reveals nothing")
struct FailingRuleTests {
  private static let secret = "planted-7f"

  private func run(_ rules: KeyValuePairs<String, String>, _ request: [UInt8]) throws -> (
    bytes: [UInt8], ledger: SpanLedger
  ) {
    let directory = RuleDirectory(rules: rules.map { RuleSource(file: $0.key + ".lua", text: $0.value) })
    let host = try SpanProcessorHost(
      SpanProcessorHost.Configuration(rules: directory, chain: rules.map(\.key)), natives: .builtin)
    let bytes = host.processAndWait(Door().admit(request).takeBatch()).encoded()
    return (bytes, host.reports().map(\.ledger).reduce(into: SpanLedger()) { $0 += $1 })
  }

  private static let redact = "return rule { about = 'x', hide = { match.words { 'password' } } }"

  /// Ways for a hook to go wrong, each after it has copied the secret to where no step looks.
  private static let failures = [
    "error(s)", "local x = nil + 1", "while true do end", "span.attributes.closed = s", "local t = ('x'):rep(1e9)",
    "local x = span.resource.closed", "span:drop(s)", "error({ s })", "local t = 'x' while true do t = t .. t end",
  ]

  @Test(
    "What hide leaves is all that leaves, on every surface", arguments: HidingSurfaceTests.surfaces.indices, failures)
  func failing(index: Int, failure: String) throws {
    let rule =
      "return rule { about = 'x', can = { read = { 'attributes.*' }, rewrite = { 'name', 'attributes.copy' } }, "
      + "on_span = function(span) local s = '\(Self.secret)' span.name = s span.attributes.copy = s \(failure) end }"
    let outcome = try run(["rule": rule, "redact": Self.redact], HidingSurfaceTests.surfaces[index].request)
    #expect(outcome.ledger.failures.count == 1)
    #expect(outcome.ledger.emitted == 1)
    #expect(!outcome.bytes.holds(Self.secret))
    #expect(!outcome.ledger.failures.keys.joined().contains(Self.secret))
  }

  @Test(
    "A rule that hides by condition and fails leaves the frame of the span",
    arguments: HidingSurfaceTests.surfaces.indices)
  func stripped(index: Int) throws {
    let rule =
      "local step = match.words { 'password' } return rule { about = 'x', "
      + "on_span = function(span) error('before it could hide') span:hide(step) end }"
    let outcome = try run(["rule": rule], HidingSurfaceTests.surfaces[index].request)
    #expect(outcome.ledger.stripped == 1)
    let place = HidingSurfaceTests.surfaces[index].place
    // Resource and scope are hidden by standing steps alone; of the resource a stripped span keeps who sent it.
    #expect(!outcome.bytes.holds(Self.secret), "\(place)")
  }

  @Test("A step that a hook asks for hides for that span alone, beside the standing ones")
  func conditional() throws {
    let rule =
      "local step, most = match.names { 'note' }, limit { attributes = 1 } return rule { about = 'x', "
      + "can = { read = { 'name' } }, hide = { match.names { 'always' } }, on_span = function(span) "
      + "if span.name == 'hide' then span:hide(step) elseif span.name == 'limit' then span:hide(most) end end }"
    let attributes = ["note", "always"].flatMap { Field.bytes(9, Field.entry($0, "\($0)-\(Self.secret)")) }
    for (name, note) in [("hide", false), ("pass", true), ("limit", true)] {
      let bytes = try run(["rule": rule], Field.request(Field.text(5, name) + attributes)).bytes
      #expect(bytes.holds("note-") == note)
      #expect(!bytes.holds("always-"))
      #expect(bytes.holds("[REDACTED]") == (name != "limit"))
    }
  }
}
