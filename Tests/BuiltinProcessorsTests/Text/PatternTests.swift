internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Patterns of one's own")
struct PatternTests {
  private func redact(_ text: String, _ patterns: String...) throws -> String {
    try Redactor(HidePolicy([HideStep(.patterns(patterns, examples: []))])).redact(text)
  }

  @Test(
    "Anchors speak of the one text, wherever among others it stands",
    arguments: [
      ("^ab", "ab ab", "[REDACTED] ab"), ("ab$", "ab ab", "ab [REDACTED]"), ("^ab$", "ab", "[REDACTED]"),
      ("^ab$", "ab ab", "ab ab"), ("\\Aab", "ab ab", "[REDACTED] ab"), ("ab\\z", "ab ab", "ab [REDACTED]"),
      ("^ab", "x\nab", "x\nab"), ("(?m)^ab", "x\nab", "x\n[REDACTED]"),
      ("\\bab\\b", "ab cab ab", "[REDACTED] cab [REDACTED]"),
      ("\\Bab", "ab cab", "ab c[REDACTED]"), ("(?-m)^ab", "ab", "[REDACTED]"), ("(?i)AB", "xaBx", "x[REDACTED]x"),
    ])
  func anchors(pattern: String, text: String, expected: String) throws {
    #expect(try redact(text, pattern) == expected)
    // As one of many texts of a span, it is scanned behind and before others.
    var span = PlainSpan()
    span.name = "before"
    span.attributes = [.init("a", "x"), .init("b", .string(text)), .init("c", "y")]
    let hidden = try HidingRig([HideStep(.patterns([pattern], examples: []))]).hide(span)
    #expect(hidden.attributes[1].value == .string(expected))
  }

  @Test("A class of characters takes whole characters")
  func unicode() throws {
    #expect(try redact("1é2", "[é]") == "1[REDACTED]2")
    #expect(try redact("1é2", "1.2") == "[REDACTED]")
    #expect(try redact("1ä2", "[é]") == "1ä2")
  }

  @Test("The longest match counts, and every match")
  func longest() throws {
    #expect(try redact("ab12345", "[0-9]+") == "ab[REDACTED]")
    #expect(try redact("a1b22c", "[0-9]+") == "a[REDACTED]b[REDACTED]c")
  }

  @Test(
    "One that cannot be looked for is named, with the reason",
    arguments: [
      ("(a)\\1", "\"(a)\\1\" cannot be looked for: Back-references are unsupported."),
      ("a(?=b)", "\"a(?=b)\" cannot be looked for: Zero-width assertions are not supported."),
      ("a*", "\"a*\" cannot be looked for: Pattern matches empty buffer; use HS_FLAG_ALLOWEMPTY to enable support."),
      ("(", "\"(\" cannot be looked for: Missing close parenthesis for group started at index 0."),
    ])
  func unsupported(pattern: String, message: String) {
    let error = #expect(throws: HidePolicyError.self) { try redact("", "ok", pattern) }
    #expect(error?.reason == message)
  }

  @Test("An example has to be found")
  func examples() throws {
    let step = HideStep(.patterns(["a[0-9]+"], examples: ["a1", "b1"]))
    let error = #expect(throws: HidePolicyError.self) { try Redactor(HidePolicy([step])) }
    #expect(error?.reason == "the example \"b1\" is found by none of the patterns")
  }

  @Test("Without a library that finds everything, detectors look at every text, and patterns are refused")
  func unreliableLibrary() throws {
    let detectors = [HideStep(.text(["email"]))]
    let policy = try TextPolicy(detectors, conditions: [nil], rings: [:], isReliable: false)
    let hider = TextHider(policy, rings: [])
    let scanner = TextScanner(policy)
    var text = "mail jo@example.org"
    text.withUTF8 { text in
      scanner.begin(slots: 2)
      scanner.add(text, slot: 1)
      #expect(scanner.scanAdded())
      guard case .replaced = hider.hide(text, KeyVerdict(), mask: scanner.mask(of: 1), requested: 0) else {
        Issue.record("nothing was found")
        return
      }
      #expect(String(decoding: hider.result.bytes, as: UTF8.self) == "mail [REDACTED]")
    }
    let patterns = [HideStep(.patterns(["a"], examples: []))]
    #expect(throws: HidePolicyError(step: 0, reason: PatternLibrary.unreliable)) {
      try TextPolicy(patterns, conditions: [nil], rings: [:], isReliable: false)
    }
  }

  @Test("The library that is installed finds everything")
  func library() { #expect(PatternLibrary.isReliable) }
}
