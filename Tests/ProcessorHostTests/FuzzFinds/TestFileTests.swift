internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Test files, found by fuzzing")
struct TestFileTests {
  @Test(
    "A duration without end and an id of odd digits are errors in their line",
    arguments: [
      (#"duration = duration "1e300s""#, "duration is written"),
      (#"duration = duration "1e9s""#, "duration is written"),
      ("duration = 1e300", "duration is written"), (#"duration = duration "-1s""#, "duration is written"),
      (#"span_id = "００００００００００００００ａｂ""#, "span_id has 16 hexadecimal digits"),
    ])
  func oddFields(field: String, expected: String) throws {
    let rule = RuleSource(file: "a.lua", text: #"return rule { about = "a", hide = { match.names { "card" } } }"#)
    let test = RuleSource(file: "a.test.lua", text: "\ntest \"odd\" { given = span { \(field) }, expect = span {} }")
    let runner = RuleTestRunner(RuleDirectory(rules: [rule], tests: [test]), natives: .builtin)
    let error = try #require(throws: RuleError.self) { try runner.run() }
    #expect(error.file == "a.test.lua")
    #expect(error.line == 2)
    #expect(error.message.contains(expected))
  }

  @Test("The longest duration is one that a span can have")
  func longestDuration() throws {
    let rule = RuleSource(file: "a.lua", text: #"return rule { about = "a", hide = { match.names { "card" } } }"#)
    let test = RuleSource(
      file: "a.test.lua",
      text: """
        test "long" {
          given = span { start_time = 9223372036854775807, duration = duration "999999999s" }, expect = span {},
        }
        """)
    let outcomes = try RuleTestRunner(RuleDirectory(rules: [rule], tests: [test]), natives: .builtin).run()
    #expect(outcomes.map(\.problems) == [[]])
  }
}
