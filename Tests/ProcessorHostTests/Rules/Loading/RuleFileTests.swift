internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Rule files and the chain")
struct RuleFileTests {
  @Test(
    "A character that could deceive a reader is refused, with its line",
    arguments: [
      RefusedRule("\n-- \u{202E}kcehc", line: 2, "this line holds a bidirectional control character; remove it"),
      RefusedRule("local x = '\u{2066}'", "this line holds a bidirectional control character; remove it"),
      RefusedRule(
        "\r\n\r\nlocal x = '\u{7}'", line: 3,
        "this line holds a control character; only tab and line ends may stand in a rule"),
      RefusedRule(
        "local x = '\u{0}'", "this line holds a control character; only tab and line ends may stand in a rule"),
      RefusedRule("\u{FEFF}return 1", "the file begins with a byte order mark; save it as UTF-8 without one"),
    ])
  func characters(refused: RefusedRule) throws { try refused.check() }

  @Test("A file has at most 64 KiB")
  func size() throws {
    let tail = "\nreturn rule { about = 'x', hide = { match.names { 'a' } } }"
    let full = String(repeating: "-", count: 65536 - tail.utf8.count) + tail
    #expect(try RuleHarness.errors(full).isEmpty)
    #expect(
      try RuleHarness.errors("-" + full).map(\.message) == ["the file has 65537 bytes; a rule has at most 65536"])
  }

  @Test("Bytes that are not text are refused")
  func bytes() throws {
    for bytes in [[0x1B, 0x4C, 0x75, 0x61, 0x54], [0x2D, 0x2D, 0xFF]] as [[UInt8]] {
      #expect(throws: RuleErrors.self) { try host(rules: [RuleSource(file: "rule.lua", bytes: bytes)], "'rule'") }
    }
  }

  // MARK: The chain

  private static let plain = "return rule { about = 'x', hide = { match.names { 'a' } } }"

  private func host(rules: [RuleSource], _ names: String) throws -> SpanProcessorHost {
    try host(rules: rules, chain: "return chain { api = 1, \(names) }")
  }

  private func host(rules: [RuleSource], chain: String?) throws -> SpanProcessorHost {
    let directory = RuleDirectory(chain: chain.map { RuleSource(file: "chain.lua", text: $0) }, rules: rules)
    return try SpanProcessorHost(SpanProcessorHost.Configuration(rules: directory), natives: .builtin)
  }

  private static let rules = ["redact", "sample"].map { RuleSource(file: $0 + ".lua", text: plain) }

  @Test(
    "A chain that is not in order is refused: no rule may be left out by mistake",
    arguments: [
      ("return chain { api = 1, 'redact', 'smaple' }", 1, "there is no rule smaple; did you mean sample?"),
      (
        "return chain { api = 1, 'redact', nil, 'sample' }", 1,
        "a chain is a list of names without a gap; is there a nil among them?"
      ),
      (
        "return chain { api = 1, [2] = 'redact' }", 1,
        "a chain is a list of names without a gap; is there a nil among them?"
      ),
      ("return chain { api = 1, 'redact', 'redact' }", 1, "redact stands in the chain twice"),
      ("return chain { api = 1, 'redact', 5 }", 1, "a chain holds names of rules; a number is among them"),
      (
        "return chain { 'redact' }", 1,
        "a chain says for which version of the rule language it was written: api = 1"
      ),
      ("return chain {\n  api = 2, 'redact' }", 2, "this host knows version 1 of the rule language: api = 1"),
      (
        "return chain {\n  api = 1, 'redact',\n  mode = 'x' }", 3,
        "mode is not a field of a chain; there is api, and the rules' names"
      ),
      ("return { 'redact' }", nil, "a chain is written: return chain { api = 1, \"slow_trace\", \"redact\" }"),
      ("return chain { api = 1, redact }", 1, "unknown global 'redact'"),
    ] as [(String, Int?, String)])
  func chain(text: String, line: Int?, message: String) throws {
    let errors = #expect(throws: RuleErrors.self) { try host(rules: Self.rules, chain: text) }
    #expect(errors?.errors.map(\.file) == ["chain.lua"])
    #expect(errors?.errors.map(\.message) == [message])
    if !text.contains("smaple") { #expect(errors?.errors.map(\.line) == [line]) }
  }

  @Test("A directory with rules has a chain")
  func missingChain() throws {
    let errors = #expect(throws: RuleErrors.self) { try host(rules: Self.rules, chain: nil) }
    #expect(
      errors?.errors.map(\.message)
        == ["the file is missing; it says which rules run, in which order: return chain { api = 1, \"redact\" }"])
  }

  @Test("Everything that is wrong comes at once")
  func allErrors() throws {
    let rules = [
      RuleSource(file: "one.lua", text: "return rule { about = 'x' }"), RuleSource(file: "two.lua", text: "return 1"),
    ]
    let errors = #expect(throws: RuleErrors.self) { try host(rules: rules, "'one', 'two', 'three'") }
    #expect(errors?.errors.map(\.file) == ["one.lua", "two.lua", "chain.lua"])
  }
}
