internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport
internal import Testing

/// Where one secret ends another begins, so that what is marked decides on what the rest looks like.
@Suite("Secrets that stand beside each other without a gap")
struct GluedTextTests {
  private static let fragments = [
    "Bearer ", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "+49 30 1234567", "4111 1111 1111 1111", "4111111111111111", "DE89 3704 0044 0532 0130 00", "078-05-1120",
    "192.168.17.4", "fe80::1:2", "jo@example.org", "AKIAIOSFODNN7EXAMPLE", "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "password=", "token: ", "\"api_key\": \"", "https://u:", "p@h.example/", "?sig=", "abc", "&x=1", "Basic ",
    "dTpwYXNz",
    "code-77", "x", "7", "-", "_", "+", ".", ":", "/", "=", "%", " ", ", ", "\"", "\n", "[REDACTED]", "é",
    "-----BEGIN RSA PRIVATE KEY-----",
    "X-Amz-Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  ]
  /// `assignment` looks for the words of the first.
  private static let words = HideStep(.words(["password", "token", "api_key"], except: []))
  private static let steps =
    [HideStep(.patterns(["code-[0-9]+", "[x=]+"], examples: [])), HideStep(.query(["sig"]))]
    + HideMatcher.textDetectors.map { HideStep(.text([$0])) }

  @Test(
    "One step more never shows what was hidden without it, and hiding twice is hiding once",
    arguments: 0..<8 as Range<UInt64>)
  func oneStepMore(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<6 {
      let few = [Self.words] + Self.steps.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
      let many = few + [try #require(Self.steps.randomElement(using: &random))]
      let hiders = (try Self.hider(few), try Self.hider(many))
      for _ in 0..<40 {
        let text = (0..<Int.random(in: 2...7, using: &random))
          .compactMap { _ in Self.fragments.randomElement(using: &random) }.joined()
        let before = Self.hide(text, hiders.0)
        let after = Self.hide(text, hiders.1)
        #expect(before.hidden.isSubset(of: after.hidden), "\(text.debugDescription), \(many.map(\.matcher))")
        let again = Self.hide(after.text, hiders.1)
        #expect(again.text == after.text, "\(text.debugDescription), \(many.map(\.matcher))")
      }
    }
  }

  @Test("What is a secret once its neighbour is marked stays hidden, whatever else takes a part of it")
  func takenApart() throws {
    let phone = HideStep(.text(["phone"]))
    let jwt = HideStep(.text(["jwt"]))
    let bearer = HideStep(.text(["bearer_token"]))
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    let text = "Bearer \(token)+49 30 1234567 or so"
    for steps in [[phone, jwt], [phone, jwt, bearer], [bearer, jwt, phone]] {
      #expect(Self.hide(text, try Self.hider(steps)).text == "Bearer [REDACTED] or so")
    }
    // Neither of these two makes a phone number of it.
    #expect(Self.hide(text, try Self.hider([phone])).text == text)
    #expect(Self.hide(text, try Self.hider([bearer])).text == "Bearer [REDACTED] 30 1234567 or so")
  }

  private static func hider(_ steps: [HideStep]) throws -> TextHider {
    TextHider(try TextPolicy(steps, conditions: steps.map { _ in nil }, rings: [:]), rings: [])
  }

  /// What becomes of a text, and which of its bytes do not show.
  private static func hide(_ text: String, _ hider: TextHider) -> (text: String, hidden: Set<Int>) {
    var text = text
    return text.withUTF8 { bytes in
      switch hider.hide(bytes, KeyVerdict(), mask: .max, requested: 0) {
      case .unchanged: (String(decoding: bytes, as: UTF8.self), [])
      case .whole: ("", Set(bytes.indices))
      case .replaced: (String(decoding: hider.result.bytes, as: UTF8.self), Set(hider.hiddenRanges.joined()))
      }
    }
  }
}
