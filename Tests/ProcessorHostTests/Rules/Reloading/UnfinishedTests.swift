internal import ProcessorHost
internal import Testing

@Suite("Files that look half written")
struct UnfinishedTests {
  private func directory(list: String?, rule: String = "return rule {}\n") -> RuleDirectory {
    RuleDirectory(
      rules: [RuleSource(file: "redact.lua", text: rule)],
      lists: list.map { [RuleSource(file: "words.txt", text: $0)] } ?? [])
  }

  @Test(
    "a file whose last line lost its end, and a new one without",
    arguments: [("password\nto", "password\ntoken\n"), ("", "password\ntoken\n"), ("password", nil), ("", nil)]
      as [(String, String?)])
  func unfinished(now: String, before: String?) {
    #expect(directory(list: now).mayBeUnfinished(since: directory(list: before)))
  }

  @Test(
    "not a file whose last line ends, nor one that never had an end",
    arguments: [
      ("password\n", "password\ntoken\n"), ("password\n", nil), ("password", "password\ntoken"), (nil, "password\n"),
    ] as [(String?, String?)])
  func finished(now: String?, before: String?) {
    #expect(!directory(list: now).mayBeUnfinished(since: directory(list: before)))
  }

  @Test("a rule as well as a list")
  func rules() {
    #expect(directory(list: nil, rule: "return").mayBeUnfinished(since: directory(list: nil)))
  }
}
