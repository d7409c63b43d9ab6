import BuiltinProcessors
import Foundation
import ProcessorHost
import StandardWork

// The standard work through a rules directory, again and again, for a profiler to watch:
//
//   swift build -c release --package-path Benchmarks --product Profile
//   perf record Benchmarks/.build/release/Profile rules 5
//
// A third argument, `every-detector`, puts a rule with all text detectors in the place of `redact.lua`.
//
// It prints the least processor time that a span took, the door and the encoding included.

func processorTime() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

let arguments = CommandLine.arguments.dropFirst()
var rules = try RuleDirectory(contentsOf: arguments.first ?? "rules")
let seconds = arguments.dropFirst().first.flatMap(Double.init) ?? 5
if arguments.dropFirst(2).first == "every-detector" {
  let names = HideMatcher.textDetectors.map { "'\($0)'" }.joined(separator: ", ")
  rules.rules["redact"] = RuleSource(
    file: "redact.lua",
    text: """
      return rule { about = 'Hides.', hide = {
        match.words(list 'secret_words', { except = list 'harmless_names' }),
        match.text { \(names) },
        remove(match.names { 'webhook.payload', 'webhook.body', 'http.request.body', 'http.response.body' }),
      } }
      """)
}
let host = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: rules))
let requests = (1...16).map { StandardWork.request(seed: UInt64($0)) }
let end = Date().addingTimeInterval(seconds)
var least = Int.max
while Date() < end {
  for request in requests {
    let before = processorTime()
    _ = await host.process(Door().admit(request).takeBatch()).encoded()
    least = min(least, (processorTime() - before) / StandardWork.spansPerRequest)
  }
}
print("\(least) ns a span")
