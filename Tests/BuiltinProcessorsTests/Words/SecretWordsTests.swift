internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("The words that are built in")
struct SecretWordsTests {
  private static func list(_ name: String) throws -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let text = try String(contentsOf: root.appending(path: "rules/lists/\(name).txt"), encoding: .utf8)
    return text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  @Test("They are those of the shipped rules")
  func words() throws {
    #expect(try SecretWords.standard == Self.list("secret_words"))
    #expect(try SecretWords.harmlessNames == Self.list("harmless_names"))
  }

  @Test("The standard policy hides by words and inside text, and leaves counts of tokens")
  func policy() throws {
    let rig = try HidingRig(HidePolicy.standard.steps)
    var span = PlainSpan()
    span.attributes = [
      .init("api_key", "hunter2"), .init("note", "mail ada@example.org, password=hunter2"),
      .init("gen_ai.usage.token", 7), .init("client", "192.0.2.17"),
    ]
    let hidden = try rig.hide(span)
    #expect(
      hidden.attributes == [
        .init("api_key", "[REDACTED]"), .init("note", "mail [REDACTED], password=[REDACTED]"),
        .init("gen_ai.usage.token", 7), .init("client", "192.0.2.17"),
      ])
  }

  @Test("Every text detector is a standard one or has to be asked for")
  func detectors() {
    let known = HidePolicy.standardTextDetectors + HidePolicy.furtherTextDetectors
    #expect(known.sorted() == (TextDetectors.names + ["assignment"]).sorted())
  }
}
