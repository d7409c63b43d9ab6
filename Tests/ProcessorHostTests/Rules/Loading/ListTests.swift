internal import ProcessorHost
internal import Testing

@Suite("Lists hold an item a line, whoever saved the file")
struct ListTests {
  private static let rule = "return rule { about = 'x', hide = { match.words(list 'words') } }"

  private func hides(_ list: String, _ key: String) throws -> Bool {
    let harness = try RuleHarness(["rule": Self.rule], lists: ["words": list])
    return try harness.span(.with(key, "planted"))[key] == "[REDACTED]"
  }

  @Test(
    "Every item counts, with line ends of any system",
    arguments: [
      "password # the login\ntoken\n", "password # the login\r\ntoken\r\n", "# secrets\r\n\r\n password \r\n\ttoken",
      "password\ntoken # \u{301} and more",
    ])
  func items(list: String) throws {
    #expect(try hides(list, "password"))
    #expect(try hides(list, "auth_token"))
    #expect(try !hides(list, "note"))
  }

  @Test(
    "A character that cannot be seen is refused: the item would match nothing",
    arguments: [
      "\u{FEFF}token", "tok\u{200B}en", "\u{202E}token", "tok\u{7}en", "tok\u{AD}en", "token\u{0}", "a\rtoken",
    ])
  func invisible(item: String) throws {
    let errors = try RuleHarness.errors(Self.rule, lists: ["words": "password\n\(item)\n"])
    #expect(errors.map(\.file) == ["lists/words.txt"])
    #expect(errors.map(\.line) == [2])
    #expect(
      errors.map(\.message)
        == ["the line holds a control character or one that cannot be seen, with which nothing would match"])
  }

  @Test("A list that is missing is named, with what there is")
  func missing() throws {
    #expect(
      try RuleHarness.errors(Self.rule).map(\.message)
        == ["there is no list words; the directory has no lists, a list is a file lists/words.txt"])
    #expect(
      try RuleHarness.errors(Self.rule, lists: ["word": "a"]).map(\.message)
        == ["there is no list words; did you mean word?"])
    #expect(
      try RuleHarness.errors(Self.rule, lists: ["cards": "a"]).map(\.message)
        == ["there is no list words; there are cards"])
  }

  @Test("An empty list has no effect and is refused where it is used")
  func empty() throws {
    #expect(
      try RuleHarness.errors(Self.rule, lists: ["words": "# nothing yet\n"]).map(\.message)
        == ["match.words has an empty list and so no effect; remove it"])
  }

  @Test("Lists have a size, and are text")
  func size() throws {
    let items = (0...4096).map { "w\($0)" }.joined(separator: "\n")
    #expect(
      try RuleHarness.errors(Self.rule, lists: ["words": items]).map(\.message)
        == ["the list has 4097 items; it may have 4096"])
    let long = String(repeating: "a", count: 65537)
    #expect(
      try RuleHarness.errors(Self.rule, lists: ["words": long]).map(\.message)
        == ["a list is UTF-8 text of at most 65536 bytes"])
  }
}
