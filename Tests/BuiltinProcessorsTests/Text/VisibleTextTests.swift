internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("What shows of a text, whatever the text and the policy")
struct VisibleTextTests {
  private static let fragments = [
    "jo@example.org", "password=hunter2", "\"token\": \"a b\"", "4111 1111 1111 1111", "Bearer abcDEF123456", "code-77",
    "https://u:p@h/?sig=abc&x=1", "[REDACTED]", "...", "é", "😀", "\n", " ", ", ", "=", "{", "x",
    "-----BEGIN RSA PRIVATE KEY-----",
  ]
  private static let steps = [
    HideStep(.words(["password", "token"], except: [])), HideStep(.text(["assignment"])), HideStep(.text(["email"])),
    HideStep(.text(["credit_card", "bearer_token"]), .keepLast(4)),
    HideStep(.text(["url_credentials", "private_key"])),
    HideStep(.patterns(["code-[0-9]+", "[x=]+"], examples: [])), HideStep(.query(["sig"]), .keepLast(1)),
    HideStep(.text(["vendor_token", "signed_url", "jwt"])),
  ]

  @Test(
    "Between the marks stand parts of the text as it came, in their order, and nothing else",
    arguments: 0..<8 as Range<UInt64>)
  func parts(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<4 {
      let chosen = Self.steps.filter { _ in Bool.random(using: &random) } + Self.steps.prefix(1)
      let redactor = try Redactor(HidePolicy(chosen))
      for _ in 0..<40 {
        let pieces = (0..<Int.random(in: 1...12, using: &random)).compactMap { _ in
          Self.fragments.randomElement(using: &random)
        }
        let text = pieces.joined()
        let output = redactor.redact(text)
        #expect(Self.stands(output, in: text), "\(text) became \(output)")
        #expect(redactor.redact(output) == output, "\(text)")
      }
    }
  }

  /// Whether the parts between the marks can be found in the text one behind the other.
  private static func stands(_ output: String, in text: String) -> Bool {
    let bytes = Array(text.utf8)
    var rest = bytes[...]
    // A mark that was in the text already may stand in the output as itself.
    for part in output.split(separator: HideAction.markText, omittingEmptySubsequences: true) {
      guard let place = rest.firstRange(of: Array(part.utf8)) else { return false }
      rest = rest[place.upperBound...]
    }
    return true
  }
}
