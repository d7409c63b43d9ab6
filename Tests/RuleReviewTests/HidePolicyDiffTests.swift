import BuiltinProcessors
import ProcessorHost
import RuleReview
import TestSupport
import Testing

@Suite("The difference of two policies")
struct HidePolicyDiffTests {
  private static let password = HideStep(.names(["password"]))

  private static func verdict(_ old: [HideStep], _ new: [HideStep]) throws -> ReviewVerdict {
    try HidePolicyDiff(HidePolicy(old), HidePolicy(new)).verdict
  }

  @Test(
    "Tighter: more is looked for, fewer exceptions, shorter cuts, stronger replacements",
    arguments: [
      ([password], [password, HideStep(.text(["email"]))]),
      ([password], [HideStep(.names(["x", "Password"]))]),
      ([password], [HideStep(.prefixes(["pass"]))]),
      ([HideStep(.prefixes(["user."]))], [HideStep(.prefixes(["us"]), .remove)]),
      (
        [HideStep(.words(["token"], except: ["a.token", "llm.*"]))],
        [HideStep(.words(["token", "key"], except: ["llm.token"]))]
      ),
      ([HideStep(.names(["a"]), .cut(100))], [HideStep(.names(["a"]), .cut(99))]),
      ([HideStep(.names(["a"]), .cut(100))], [HideStep(.names(["a"]))]),
      ([HideStep(.names(["a"]), .keepLast(4))], [HideStep(.names(["a"]))]),
      ([HideStep(.text(["email"]))], [HideStep(.text(["email"])), password]),
      ([password], [HideStep(.names(["password"]), .remove)]),
      (
        [HideStep(.beyond(AttributeLimits(attributes: 9)))],
        [HideStep(.beyond(AttributeLimits(attributes: 8, links: 3)))]
      ),
      ([HideStep(.names(["a"]), isConditional: true)], [HideStep(.names(["a"]))]),
      ([HideStep(.text(["email"]), .remove)], [HideStep(.text(["email"]), .remove), HideStep(.names(["k"]))]),
    ])
  func tighter(old: [HideStep], new: [HideStep]) throws { #expect(try Self.verdict(old, new) == .tighter) }

  @Test(
    "Looser: there is something that shows",
    arguments: [
      ([password], [HideStep(.names(["passwort"]))]),
      ([password], [HideStep(.names(["password"]), .keepLast(2))]),
      ([password], [HideStep(.names(["password"]), .cut(2))]),
      ([HideStep(.names(["password"]), .remove)], [password]),
      ([HideStep(.words(["token"], except: []))], [HideStep(.words(["token"], except: ["x_*"]))]),
      ([HideStep(.words(["token"], except: []))], [HideStep(.words(["token"], except: ["vault.*"]))]),
      ([HideStep(.words(["token"], except: ["a"]))], [HideStep(.words(["token"], except: ["a", "vault.token"]))]),
      ([HideStep(.words(["api_key"], except: []))], [HideStep(.words(["key"], except: []), .cut(5))]),
      ([HideStep(.names(["a"]), .cut(100))], [HideStep(.names(["a"]), .cut(101))]),
      ([HideStep(.names(["a"]), .keepLast(4))], [HideStep(.names(["a"]), .keepLast(3))]),
      ([HideStep(.names(["a"]), .keepLast(3))], [HideStep(.names(["a"]), .keepLast(4))]),
      ([HideStep(.text(["email", "jwt"]))], [HideStep(.text(["jwt"]))]),
      ([HideStep(.text(["credit_card"]))], [HideStep(.text(["credit_card"]), .keepLast(4))]),
      ([HideStep(.query(["sig"]))], [HideStep(.query(["token"]))]),
      ([HideStep(.values(["hunter2"]))], [HideStep(.values(["hunter3"]))]),
      ([password], [HideStep(.names(["password"]), isConditional: true)]),
    ])
  func looser(old: [HideStep], new: [HideStep]) throws {
    // Both sets need something that hides, or one would not load.
    let diff = try HidePolicyDiff(HidePolicy(old), HidePolicy(new))
    #expect(diff.verdict == .looser, "\(diff.findings)")
  }

  /// By pairs: what is in force, and what would show something of it.
  private static let revealing: [([HideStep], [HideStep])] = [
    // The sign for kelvin and the Greek question mark: for Swift equal to a letter and a semicolon, for matchers not.
    ([HideStep(.patterns(["AK[0-9]{16}"], examples: []))], [HideStep(.patterns(["A\u{212A}[0-9]{16}"], examples: []))]),
    ([HideStep(.values(["Key"]))], [HideStep(.values(["\u{212A}ey"]))]),
    ([HideStep(.prefixes(["a;"]))], [HideStep(.prefixes(["a\u{37E}"]))]),
    ([HideStep(.names(["caf\u{E9}"]))], [HideStep(.names(["cafe\u{301}"]))]),
    ([HideStep(.query(["\u{E9}"]))], [HideStep(.query(["e\u{301}"]))]),
    (
      [HideStep(.words(["token"], except: ["\u{E9}_token"]))],
      [HideStep(.words(["token"], except: ["e\u{301}_token"]))]
    ),
    // A star that is one character with what stands before it, and yet means any rest.
    ([HideStep(.names(["x\u{600}*"]))], [HideStep(.prefixes(["x\u{600}*"]))]),
    ([HideStep(.names(["x\u{600}*"]))], [HideStep(.names(["x\u{600}"]))]),
    // Of two that overlap, one end stays: 678 and 5.
    (
      [HideStep(.patterns(["A\\d{9}", "\\dB\\d{4}"], examples: []), .keepLast(4))],
      [
        HideStep(.patterns(["A\\d{9}"], examples: []), .keepLast(4)),
        HideStep(.patterns(["\\dB\\d{4}"], examples: []), .keepLast(4)),
      ]
    ),
    (
      [HideStep(.patterns(["A\\d{6}"], examples: []), .keepLast(4))],
      [HideStep(.patterns(["A\\d{6}", "6B."], examples: []), .keepLast(4))]
    ),
    ([HideStep(.query(["token"]), .keepLast(4))], [HideStep(.query(["token", "state"]), .keepLast(4))]),
    // What is found only beside a mark.
    (
      [HideStep(.patterns(["key\\d", "\\bfoo\\w*"], examples: []))],
      [HideStep(.patterns(["key\\d", "\\bfoo\\w*", "key\\df"], examples: []))]
    ),
    (
      [HideStep(.patterns(["key\\d", "\\bfoo\\w*"], examples: []))],
      [HideStep(.patterns(["key\\d", "\\bfoo\\w*"], examples: [])), HideStep(.names(["k"]), .keepLast(4))]
    ),
    (
      [HideStep(.patterns(["key\\d", "\\bfoo\\w*"], examples: []))],
      [HideStep(.patterns(["key\\d", "\\bfoo\\w*"], examples: [])), HideStep(.names(["k"]), .cut(16))]
    ),
    // A cut and an end that stays are no marks; a detector more beside others is not proven.
    ([HideStep(.text(["jwt", "phone"]))], [HideStep(.text(["jwt", "phone", "bearer_token"]))]),
    ([HideStep(.text(["jwt", "phone"]))], [HideStep(.text(["jwt", "phone"])), HideStep(.query(["sig"]))]),
    ([HideStep(.text(["email"]), .keepLast(3))], [HideStep(.text(["email"]))]),
  ]

  @Test("What shows something in an unusual text, or for a name that only looks the same, is not taken for tighter")
  func notProven() throws {
    for (old, new) in Self.revealing {
      let diff = try HidePolicyDiff(HidePolicy(old), HidePolicy(new))
      #expect([.other, .looser].contains(diff.verdict), "\(old), then \(new): \(diff.findings)")
    }
  }

  @Test("Patterns whose ends stayed are hidden as a whole by a step that finds at least as many, and by nothing less")
  func together() throws {
    let ends = HideStep(.query(["a", "b"]), .keepLast(4))
    let isHidden = { (step: HideStep) in
      try HidePolicyDiff(HidePolicy([ends]), HidePolicy([step])).findings.allSatisfy { $0.message.hasPrefix("also") }
    }
    #expect(try Self.verdict([ends], [ends]) == .same)
    #expect(try isHidden(HideStep(.query(["B", "a", "c"]))))
    #expect(try !isHidden(HideStep(.query(["B", "a", "c"]), .keepLast(4))))
    #expect(try !isHidden(HideStep(.query(["a"]))))
  }

  @Test("A second pseudonym is proven only with the same key")
  func pseudonyms() throws {
    let secret = Array(repeating: UInt8(7), count: 32)
    let ring = try PseudonymKeyRing([PseudonymKey(id: "k", secret: secret)])
    let keys = ["a": ring, "b": ring]
    let old = HideStep(.names(["user.id"]), .pseudonym("b"))
    let verdict = { (name: String) in
      try HidePolicyDiff(
        HidePolicy([old]), HidePolicy([old, HideStep(.prefixes(["user"]), .pseudonym(name))]), keys: keys
      ).verdict
    }
    #expect(try verdict("b") == .tighter)
    #expect(try verdict("a") == .other)
  }

  @Test("The same demands in another order, or spread over other steps, are the same")
  func same() throws {
    let one = [HideStep(.names(["a", "b"])), HideStep(.text(["email", "jwt"]))]
    let other = [
      HideStep(.text(["jwt"])), HideStep(.names(["B"])), HideStep(.text(["email"])), HideStep(.names(["a"])),
    ]
    #expect(try Self.verdict(one, other) == .same)
    #expect(try HidePolicyDiff(HidePolicy(one), HidePolicy(other)).findings.isEmpty)
  }

  @Test("More words for assignments are not proven tighter, nor as a step of their own; for keys they are")
  func assignments() throws {
    let text = HideStep(.text(["assignment"]))
    let token = HideStep(.words(["token"], except: []))
    #expect(try Self.verdict([token, text], [HideStep(.words(["token", "key"], except: [])), text]) == .other)
    #expect(try Self.verdict([token, text], [token, HideStep(.words(["key"], except: [])), text]) == .other)
    #expect(try Self.verdict([token], [HideStep(.words(["token", "key"], except: []))]) == .tighter)
  }

  @Test("What a policy says tighter of shows no character more", arguments: 0..<24 as Range<UInt64>)
  func property(seed: UInt64) throws {
    var maker = RandomRules(seed: seed)
    var proven = 0
    for _ in 0..<40 {
      let old = maker.policy()
      let new = maker.changed(old)
      guard try [.tighter, .same].contains(HidePolicyDiff(old, new).verdict) else { continue }
      proven += 1
      let before = try Redactor(old)
      let after = try Redactor(new)
      for _ in 0..<60 {
        let text = maker.text()
        #expect(Self.shown(after.redact(text), text).isSubset(of: Self.shown(before.redact(text), text)), "\(text)")
        let entry = maker.entry()
        guard let newEntry = after.redact(entry) else { continue }
        let oldEntry = before.redact(entry)
        #expect(oldEntry != nil, "\(entry) under \(old) and \(new)")
        guard case .string(let original) = entry.value, case .string(let output) = newEntry.value,
          case .string(let earlier) = oldEntry?.value
        else { continue }
        let isSubset = Self.shown(output, original).isSubset(of: Self.shown(earlier, original))
        #expect(isSubset, "\(entry): \(earlier), then \(output), under \(old) and \(new)")
      }
    }
    #expect(proven > 3)
  }

  /// The parts of a text of three characters and more that can be read in what became of it.
  private static func shown(_ output: String, _ text: String) -> Set<String> {
    let marked = output.split(separator: HideAction.markText)
    var parts: Set<String> = []
    for part in marked {
      let characters = Array(part.hasSuffix("...") ? part.dropLast(3) : part)
      if characters.count < 3 { continue }
      for start in 0...characters.count - 3 { parts.insert(String(characters[start..<start + 3])) }
    }
    return parts.filter { text.contains($0) }
  }

  @Test("What a policy says looser of can be shown", arguments: 100..<108 as Range<UInt64>)
  func witnesses(seed: UInt64) throws {
    var maker = RandomRules(seed: seed)
    for _ in 0..<30 {
      let old = maker.policy()
      let diff = try HidePolicyDiff(old, old)
      #expect(diff.verdict == .same, "\(diff.findings)")
    }
  }
}
