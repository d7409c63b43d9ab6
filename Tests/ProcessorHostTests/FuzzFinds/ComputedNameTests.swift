internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("What messages say, found by fuzzing")
struct ComputedNameTests {
  static let secret = "sk-hunter2"

  /// What the ledger says of a rule whose hook has this body, over a span with the secret in an attribute.
  private func failures(_ body: String, read: String) async throws -> [String] {
    let text = """
      return rule {
        about = "Computes names.",
        can = { read = { \(read) }, set = { flag = "boolean" }, rewrite = { "status.code" } },
        on_span = function(span) \(body) end,
      }
      """
    let rule = RuleSource(file: "computes.lua", text: text)
    let host = try SpanProcessorHost(
      SpanProcessorHost.Configuration(rules: RuleDirectory(rules: [rule]), chain: ["computes"]))
    var span = PlainSpan()
    span.attributes = [AttributeValue.Entry("api_key", .string(Self.secret))]
    span.events = [SpanEvent(name: "login")]
    _ = await host.process(Door().admit(span.encodedRequest()).takeBatch())
    return await host.ledger().failures.keys.sorted()
  }

  @Test(
    "no message holds a span's value that a rule uses as a name",
    arguments: [
      "span.attributes[span.attributes.api_key] = true", "span.resource[span.attributes.api_key] = true",
      "return span[span.attributes.api_key]", "span[span.attributes.api_key] = 1",
      "return span.status[span.attributes.api_key]", "span.status[span.attributes.api_key] = 1",
      "return span.scope[span.attributes.api_key]", "return span.events[1][span.attributes.api_key]",
      "return span.resource[span.attributes.api_key]", "return span.attributes[span.attributes.api_key]",
      "return status[span.attributes.api_key]", "return match[span.attributes.api_key]",
    ])
  func computedNames(body: String) async throws {
    let failures = try await failures(body, read: #""attributes.api_key", "events", "scope.name""#)
    #expect(failures.count == 1)
    #expect(!failures.contains { $0.contains(Self.secret) })
  }

  @Test(
    "a name that stands in the rule is named",
    arguments: [
      ("span.attributes.colour = true", "attributes.colour"), ("return span.attributes.colour", "attributes.colour"),
      ("return span.status.colour", "colour is not a field of a status"),
      ("return match.colours", "match.colours does not exist"),
    ])
  func writtenNames(body: String, expected: String) async throws {
    let failures = try await failures(body, read: #""attributes.api_key""#)
    #expect(failures.count == 1)
    #expect(failures.allSatisfy { $0.contains(expected) })
  }

  @Test(
    "an error shows no character that a terminal would obey",
    arguments: [
      "-- \u{1B}[2J\nreturn 1", "-- \u{202E}\nreturn 1", "-- \0",
      #"return rule { about = "a", can = { read = { "\27[2J" } }, on_span = function() end }"#,
      #"return rule { about = "a", hide = { match.names { "a" } }, on_failure = "\u{202E}ssap" }"#,
    ])
  func controlCharacters(text: String) throws {
    let rule = RuleSource(file: "odd.lua", text: text)
    let error = try #require(throws: RuleErrors.self) {
      try SpanProcessorHost(SpanProcessorHost.Configuration(rules: RuleDirectory(rules: [rule]), chain: ["odd"]))
    }
    let shown = error.description.unicodeScalars.filter { $0 != "\n" }
    #expect(!shown.contains { [.control, .format].contains($0.properties.generalCategory) })
  }
}
