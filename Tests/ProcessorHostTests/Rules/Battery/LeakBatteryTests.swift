internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("The leak battery")
struct LeakBatteryTests {
  private static func rule(_ name: String, _ body: String) -> RuleSource {
    RuleSource(file: "\(name).lua", text: "return rule {\n  about = 'For tests.',\n  \(body)\n}")
  }

  private static let hides = rule(
    "hides", "hide = { match.words { 'password' }, match.text { 'email', 'assignment' } }")

  private func load(_ rules: RuleSource..., hide: HidePolicy = HidePolicy()) throws -> RuleSet {
    let names = rules.map { String($0.file.dropLast(".lua".count)) }
    return try SpanProcessorHost(
      SpanProcessorHost.Configuration(rules: RuleDirectory(rules: rules), chain: names, hide: hide)
    ).ruleSet
  }

  @Test("Each matcher has a row, each detector one of its own, and nothing is left")
  func matrix() throws {
    let leaks = try load(Self.hides).leaks
    #expect(leaks.rows.map(\.matcher) == ["words", "text email", "text assignment"])
    #expect(leaks.leaks.isEmpty)
    for row in leaks.rows.dropFirst() { #expect(!row.cells.contains(.none)) }
    let withoutKeys: Set<LeakSurface> = [
      .attributeKey, .mapKey, .name, .statusMessage, .eventName, .resourceSchema, .scopeName, .scopeVersion,
      .scopeSchema,
    ]
    for (surface, cell) in zip(LeakSurface.allCases, leaks.rows[0].cells) {
      #expect(cell == (withoutKeys.contains(surface) ? .none : .hidden(1)), "\(surface)")
    }
  }

  @Test("Terms behind the first are planted on one surface each")
  func terms() throws {
    let leaks = try load(Self.rule("hides", "hide = { match.names { 'a1', 'a2', 'a3', 'a4', 'a5' } }")).leaks
    #expect(leaks.plantCount == 13 + 4)
  }

  @Test("A rule that copies a secret to where nothing hides it does not load, and the error says where it can be read")
  func copies() throws {
    let copies = Self.rule(
      "copies",
      """
      can = { read = { 'attributes.password' }, rewrite = { 'status.message' } },
        on_span = function(span) span.status.message = 'was ' .. (span.attributes.password or '') end,
      """)
    let errors = try #require(throws: RuleErrors.self) { try load(Self.hides, copies) }.errors
    #expect(errors.count == 1)
    #expect(errors.first?.file == "hides.lua" && errors.first?.line == 3)
    #expect(
      errors.first?.message
        == "the leak battery: a secret planted for match.words can be read in attribute after all rules have run; does "
        + "a rule with the power to rewrite copy it?")
  }

  @Test("Only the part that keep_last leaves may show, and steps that rules ask for are not counted on")
  func kept() throws {
    let kept = HidePolicy([
      HideStep(.text(["credit_card"]), .keepLast(4)), HideStep(.names(["a"]), isConditional: true),
    ])
    let leaks = try load(hide: kept).leaks
    #expect(leaks.rows.map(\.matcher) == ["text credit_card"])
    #expect(leaks.leaks.isEmpty)
  }

  @Test("A name that is excepted is not planted")
  func exceptions() throws {
    let policy = HidePolicy([HideStep(.words(["password", "token"], except: ["password"]))])
    #expect(try load(hide: policy).leaks.plantCount == 13)
  }

  @Test("The battery takes nothing of what a rate allows")
  func rates() throws {
    let limited = Self.rule(
      "limited", "can = { sample = { 'rate' } },\n  on_span = function(span) span:rate_limit(1, 'rate') end,")
    let names = ["hides", "limited"]
    let host = try SpanProcessorHost(
      SpanProcessorHost.Configuration(rules: RuleDirectory(rules: [Self.hides, limited]), chain: names))
    #expect(host.processAndWait(Door().admit(PlainSpan().encodedRequest()).takeBatch()).count == 1)
  }
}
