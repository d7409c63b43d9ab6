internal import BuiltinProcessors
internal import ProcessorHost
import TestSupport
import Testing

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

  @Test("A second pass finds nothing more in texts that fuzzing has found")
  func fuzzFinds() throws {
    let all = HideStep(.text(HideMatcher.textDetectors))
    let words = HideStep(.words(["password", "api_key", "token"], except: ["token.count"]))
    let text = """
      ima.png?Az-Xm-ASecurit777777X-AAmz-Security-Token={alnum:79}%2F{alnum:40}%3D&\u{FFFD}\0\0\0z-Sig&nature={hex:gproxy: \
      fetch https://acme.sM3.anawsm/a.png?X-en":["ab#123def"D.core.windows.net/q/messages?sv=202\u{1}\0r\0\0\t1-03%sp=n":\
      ["abr&sig={alnAmz-Security-Token={
      lnum:80}um:80}%2X-ADicmz-Signapure{bhex:64}
      """
    for step in [all, HideStep(all.matcher, .keepLast(4))] {
      let redactor = try Redactor(HidePolicy([words, step]))
      for text in [
        text, "3&sr=b&sp=cw&s={alnu{alnum:42}%3D HTTP/1.wget \"https://acme.blob.cor@e.wing={alnum1:10}%3D\"",
      ] {
        let once = redactor.redact(text)
        #expect(once != text)
        #expect(redactor.redact(once) == once)
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
