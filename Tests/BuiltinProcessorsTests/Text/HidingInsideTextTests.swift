internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Hiding parts of a text")
struct HidingInsideTextTests {
  static let code = HideMatcher.patterns(["code-[0-9]+"], examples: [])

  private func redact(_ text: String, _ steps: HideStep...) throws -> String {
    try Redactor(HidePolicy(steps), keys: HidingRig.keys()).redact(text)
  }

  private func value(_ value: AttributeValue, _ steps: HideStep...) throws -> AttributeValue? {
    try Redactor(HidePolicy(steps), keys: HidingRig.keys()).redact(AttributeValue.Entry("note", value))?.value
  }

  // MARK: Parts

  @Test(
    "Parts that overlap or touch become one mark, others stay apart",
    arguments: [
      ("a code-1 b", "a [REDACTED] b"), ("code-1code-2", "[REDACTED]"), ("code-1 code-2", "[REDACTED] [REDACTED]"),
      ("xcode-123y", "x[REDACTED]y"), ("code-", "code-"), ("é code-1 €", "é [REDACTED] €"), ("", ""),
    ])
  func parts(text: String, expected: String) throws {
    #expect(try redact(text, HideStep(Self.code)) == expected)
  }

  @Test("What several steps find is united on the text as it came, whatever their order")
  func united() throws {
    let steps = [
      HideStep(.patterns(["ab.*cd"], examples: [])), HideStep(.patterns(["cd.*ef"], examples: [])),
      HideStep(.patterns(["REDACTED"], examples: [])),
    ]
    for order in [steps, steps.reversed()] {
      // Step by step, the second would not find what the first has replaced.
      #expect(try Redactor(HidePolicy(order)).redact("1 ab 2 cd 3 ef 4") == "1 [REDACTED] 4")
    }
  }

  @Test("A pattern that finds the mark does not mark it again")
  func marks() throws {
    let steps = [HideStep(.patterns(["[A-Z]+", "\\["], examples: []))]
    let redactor = try Redactor(HidePolicy(steps))
    #expect(redactor.redact("ab CD [ef") == "ab [REDACTED] [REDACTED]ef")
    #expect(redactor.redact("ab [REDACTED] [REDACTED]ef") == "ab [REDACTED] [REDACTED]ef")
  }

  // MARK: Actions

  @Test("What takes the attribute along does so also where its key is marked", arguments: [false, true])
  func removalUnderAMark(isReversed: Bool) throws {
    let steps = [HideStep(Self.code, .remove), HideStep(.names(["k"])), HideStep(.text(["email"]))]
    let rig = try HidingRig(isReversed ? steps.reversed() : steps)
    var span = PlainSpan()
    span.attributes = [.init("k", "a code-1 b"), .init("k", "free"), .init("other", "code-2"), .init("third", .int(5))]
    span.resource = span.attributes
    let expected: [AttributeValue.Entry] = [.init("k", "[REDACTED]"), .init("third", .int(5))]
    let hidden = try rig.hide(span)
    #expect(hidden.attributes == expected)
    #expect(hidden.resource == expected)
  }

  @Test(
    "keep_last keeps characters of each part, and none of a short one",
    arguments: [
      ("code-1234567", "[REDACTED]4567"), ("code-12", "[REDACTED]"),
      ("code-123 code-9876543", "[REDACTED]-123 [REDACTED]6543"),
    ])
  func keepLast(text: String, expected: String) throws {
    let redactor = try Redactor(HidePolicy([HideStep(Self.code, .keepLast(4))]))
    #expect(redactor.redact(text) == expected)
  }

  @Test("A stronger step takes what keep_last would keep")
  func strengths() throws {
    let kept = HideStep(Self.code, .keepLast(2))
    let marked = HideStep(.patterns(["[0-9]{4,}"], examples: []))
    #expect(try redact("code-12345", kept) == "[REDACTED]45")
    #expect(try redact("code-12345", kept, marked) == "[REDACTED]")
    #expect(try redact("code-12345", kept, HideStep(Self.code, .pseudonym("one"))).hasPrefix("p1:one:"))
    #expect(try redact("code-12345", HideStep(Self.code, .pseudonym("one")), HideStep(Self.code)) == "[REDACTED]")
  }

  @Test("A pseudonym stands for its part alone, and is the same wherever the part stands")
  func pseudonyms() throws {
    let step = HideStep(Self.code, .pseudonym("one"))
    let text = try redact("a code-7 b code-7 c code-8", step)
    let words = text.split(separator: " ")
    #expect(words.count == 6)
    #expect(words[1] == words[3] && words[1] != words[5] && words[1].hasPrefix("p1:one:"))
    #expect(try redact(text, step) == text)
    #expect(try redact("code-7", HideStep(Self.code, .pseudonym("two"))) != String(words[1]))
  }

  @Test("A part that several steps make together is marked, since a pseudonym would be of something else")
  func mixedPseudonym() throws {
    let steps = [
      HideStep(Self.code, .pseudonym("one")), HideStep(.patterns(["[0-9]+ b"], examples: []), .pseudonym("one")),
    ]
    #expect(try Redactor(HidePolicy(steps), keys: HidingRig.keys()).redact("a code-7 b c") == "a [REDACTED] c")
  }

  @Test("remove takes the whole value, and where there is nothing to remove, marks it")
  func removal() throws {
    let step = HideStep(Self.code, .remove)
    #expect(try value("a code-7", step) == nil)
    #expect(try value("a code", step) == "a code")
    #expect(try redact("a code-7", step) == "[REDACTED]")
    #expect(try value(.array(["a code-7", "b"]), step) == .array(["[REDACTED]", "b"]))
    #expect(try value(.map([.init("a", "code-7"), .init("b", "c")]), step) == .map([.init("b", "c")]))
  }

  @Test(
    "A cut counts the characters that came, and caps what leaves",
    arguments: [
      (3, "abcdefgh code-7", "abc..."), (12, "abcdefgh code-7", "abcdefgh [RE..."),
      (15, "abcdefgh code-7", "abcdefgh [REDAC..."),
      (30, "abcdefgh code-7", "abcdefgh [REDACTED]"), (8, "code-12345", "[REDACTED]"), (4, "é code-1", "é [R..."),
    ])
  func cut(length: Int, text: String, expected: String) throws {
    let steps = [HideStep(Self.code), HideStep(.names(["note"]), .cut(length))]
    let redactor = try Redactor(HidePolicy(steps))
    let once = redactor.redact(.init("note", .string(text)))
    #expect(once?.value == .string(expected))
    #expect(once.flatMap(redactor.redact) == once)
  }

  // MARK: Values of other kinds

  @Test("Numbers are looked at as they are written")
  func numbers() throws {
    let card = HideStep(.text(["credit_card"]), .keepLast(4))
    #expect(try value(4_111_111_111_111_111, card) == "[REDACTED]1111")
    #expect(try value(.double(4_111_111_111_111_111), card) == "[REDACTED]1111")
    #expect(try value(4_111_111_111_111_112, card) == 4_111_111_111_111_112)
    #expect(try value(42, HideStep(.patterns(["^42$"], examples: []))) == "[REDACTED]")
    #expect(try value(true, HideStep(.patterns(["true|1"], examples: []))) == true)
  }

  @Test("42 and \"42\" have one pseudonym")
  func numberPseudonyms() throws {
    let step = HideStep(.names(["note"]), .pseudonym("one"))
    let number = try value(42, step)
    #expect(try value("42", step) == number)
    #expect(try value(.double(42), step) == number)
    #expect(try value(43, step) != number)
    #expect(try value(true, step) == "[REDACTED]")
    #expect(
      try value(.array([42, "43"]), step) == .array([try #require(number), try #require(try value("43", step))]))
  }

  @Test("Bytes that are text stay bytes; others are marked as a whole")
  func bytes() throws {
    let step = HideStep(Self.code)
    #expect(try value(.bytes(Array("a code-7 b".utf8)), step) == .bytes(Array("a [REDACTED] b".utf8)))
    #expect(try value(.bytes([0xFF, 0x20] + "code-7".utf8), step) == .bytes(Array("[REDACTED]".utf8)))
    #expect(try value(.bytes([0xFF, 0x20]), step) == .bytes([0xFF, 0x20]))
  }

  @Test("A key in which something is found keeps the rest, and stays apart from others")
  func keys() throws {
    let email = HideStep(.text(["email"]))
    var span = PlainSpan()
    span.attributes = [
      .init("mail.jo@example.org", 1), .init("ann@example.org", 2), .init("bob@example.org", 3), .init("[REDACTED]", 4),
      .init("map", .map([.init("ann@example.org", 5), .init("bob@example.org", 6)])),
    ]
    let rig = try HidingRig([email])
    let hidden = try rig.hide(span)
    #expect(
      hidden.attributes == [
        .init("[REDACTED]#2", 1), .init("[REDACTED]#3", 2), .init("[REDACTED]#4", 3), .init("[REDACTED]", 4),
        .init("map", .map([.init("[REDACTED]", 5), .init("[REDACTED]#2", 6)])),
      ])
    #expect(try rig.hide(hidden) == hidden)
  }

  // MARK: Where

  @Test("A member of a trace state goes, and of the sampling member a field")
  func traceState() throws {
    var span = PlainSpan()
    span.traceState = "a=1,b=jo@example.org,ot=th:c;x:jo@example.org,c=2"
    let hidden = try HidingRig([HideStep(.text(["email"]))]).hide(span)
    #expect(hidden.traceState == "a=1,ot=th:c,c=2")
  }

  @Test("A field of a later OTLP goes, whatever stands before the secret in it")
  func unknownFields() throws {
    let rig = try HidingRig([HideStep(.text(["email"]))])
    // A length of 65 is the letter A, which would belong to the address.
    for padding in [0, 3, 46] {
      let text = "jo@example.org" + String(repeating: " ", count: padding)
      for field in [Field.text(900, text), Field.bytes(900, Field.bytes(7, Field.text(3, text)))] {
        #expect(!rig.hide(Field.request(field)).holds("example.org"), "\(padding)")
      }
    }
    let harmless = Field.request(Field.text(900, "nothing"))
    #expect(rig.hide(harmless) == Door().admit(harmless).batch.encoded())
  }

  @Test("Secrets are found at any place of long texts", arguments: [0, 1, 100, 16_370, 16_384, 65_535, 1_000_000])
  func longTexts(before: Int) throws {
    for filler in ["x ", "é ", "😀 "] {
      let head = String(repeating: filler, count: before / filler.utf8.count)
      let text = head + "jo@example.org code-7"
      let steps = [HideStep(.text(["email"])), HideStep(Self.code)]
      #expect(try Redactor(HidePolicy(steps)).redact(text) == head + "[REDACTED] [REDACTED]")
    }
  }
}
