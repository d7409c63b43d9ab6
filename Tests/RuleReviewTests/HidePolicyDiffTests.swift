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
      ([HideStep(.text(["email"]), .keepLast(4))], [HideStep(.text(["email"]))]),
      ([password], [HideStep(.names(["password"]), .remove)]),
      (
        [HideStep(.beyond(AttributeLimits(attributes: 9)))],
        [HideStep(.beyond(AttributeLimits(attributes: 8, links: 3)))]
      ),
      ([HideStep(.names(["a"]), isConditional: true)], [HideStep(.names(["a"]))]),
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

  @Test("The same demands in another order, or spread over other steps, are the same")
  func same() throws {
    let one = [HideStep(.names(["a", "b"])), HideStep(.text(["email", "jwt"]))]
    let other = [
      HideStep(.text(["jwt"])), HideStep(.names(["B"])), HideStep(.text(["email"])), HideStep(.names(["a"])),
    ]
    #expect(try Self.verdict(one, other) == .same)
    #expect(try HidePolicyDiff(HidePolicy(one), HidePolicy(other)).findings.isEmpty)
  }

  @Test("More words for assignments are not proven tighter; as a step of their own they are")
  func assignments() throws {
    let text = HideStep(.text(["assignment"]))
    let token = HideStep(.words(["token"], except: []))
    #expect(try Self.verdict([token, text], [HideStep(.words(["token", "key"], except: [])), text]) == .other)
    #expect(try Self.verdict([token, text], [token, HideStep(.words(["key"], except: [])), text]) == .tighter)
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
