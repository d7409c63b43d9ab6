internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Steps that did not depend on the rule alone, found by fuzzing")
struct StepCountTests {
  /// The steps that a hook with this body uses, each time in a state of its own, with a hash seed of its own.
  private func steps(_ body: String) throws -> Set<Int> {
    let text = "return rule { about = 'Counts.', can = { read = { 'name' } }, on_span = function(span) \(body) end }"
    let rule = RuleSource(file: "counts.lua", text: text)
    let directory = RuleDirectory(rules: [rule])
    var seen: Set<Int> = []
    for _ in 0..<40 {
      let host = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: directory, chain: ["counts"]))
      _ = host.processAndWait(Door().admit(PlainSpan().encodedRequest()).takeBatch())
      for stage in host.reports().flatMap(\.stages) { seen.insert(stage.steps) }
    }
    return seen
  }

  @Test(
    "pairs takes the same steps in whatever order the keys come",
    arguments: [
      // Where functions and tables lie is a matter of addresses.
      "pairs({ a = 1, b = 2, c = 3, d = 4, [1.5] = 5, [string.len] = 6, [string.rep] = 7 })",
      "pairs({ a = 1, [{}] = 2, [string.len] = 3, [9] = 4, [10] = 5 })",
      // Where texts lie is a matter of the seed.
      "for key in pairs({ a = 1, [true] = 2 }) do local known = key end",
      "for key in pairs({ a = 1, [true] = 2, [false] = 3, [2.5] = 4 }) do local known = key end",
    ])
  func pairs(body: String) throws {
    #expect(try steps(body).count == 1)
  }
}
