internal import BuiltinProcessors
internal import Testing

@Suite("Every text detector")
struct DetectorSampleTests {
  @Test("Finds the secret of its sample, all of it and nothing else", arguments: TextDetectors.names)
  func sample(name: String) throws {
    let sample = try #require(TextDetectors.named(name)).sample
    #expect(marked(sample.text, by: name) == sample.before + "⟦" + sample.secret + "⟧" + sample.after)
  }

  @Test("Has a name of its own, by which it is found")
  func names() {
    #expect(Set(TextDetectors.names).count == TextDetectors.all.count)
    #expect(TextDetectors.names.allSatisfy { TextDetectors.named($0)?.name == $0 })
    #expect(TextDetectors.named("assignments") == nil)
  }

  /// What may stand around a secret without being a part of it.
  static let surroundings = [
    ("", ""), (" ", " "), ("\n", "\n"), ("(", ")"), ("\"", "\""), ("'", "'"), ("<", ">"), ("“", "”"), ("→", "→"),
    ("🔑", "🔑"), ("、", "。"), ("{\"a\":\"", "\",\"b\":1}"), ("{\\\"a\\\":\\\"", "\\\"}"), ("x=", "&y=1"), ("a%3D", ""),
    ("first line\\n", "\\nlast line"), ("\\u0026", "\\u0026"), ("[", "]"), ("`", "`"), ("text, ", ", text"),
    ("; ", ";"),
  ]

  @Test("Finds the secret whatever stands around it", arguments: TextDetectors.names, surroundings)
  func surrounded(name: String, around: (before: String, after: String)) throws {
    let sample = try #require(TextDetectors.named(name)).sample
    // What of the sample says that it is a secret stays with it.
    let context: (before: String, after: String) =
      switch name {
      case "bearer_token": ("Bearer ", "")
      case "url_credentials": ("postgres://", "@db.example.com")
      case "signed_url": ("https://files.example.com/a?X-Amz-Signature=", "")
      default: ("", "")
      }
    let text =
      around.before + context.before + "⟦" + sample.secret + "⟧" + context.after + around.after
    // In a value of a URL the escapes and marks behind it are its own.
    if name == "signed_url", [")", "\\\"}", "。", "→", "🔑", "”", "]"].contains(around.after) { return }
    #expect(marked(unmarked(text), by: name) == text)
  }

  @Test("Has triggers that compile and hit its sample", arguments: TextDetectors.names)
  func triggers(name: String) throws {
    let detector = try #require(TextDetectors.named(name))
    let scanner = try #require(TriggerScanner(for: name))
    #expect(scanner.matches(Array(detector.sample.text.utf8)))
    #expect(!scanner.matches(Array("GET /tickets took longer than usual; the pool was empty".utf8)))
  }

  @Test("Finds nothing in nothing", arguments: TextDetectors.names)
  func empty(name: String) {
    #expect(ranges(in: [], by: name).isEmpty)
  }
}
