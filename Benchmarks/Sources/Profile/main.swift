import BuiltinProcessors
import Foundation
import ProcessorHost
import StandardWork

// The standard work through a rules directory, again and again, for a profiler to watch:
//
//   swift build -c release --package-path Benchmarks --product Profile
//   perf record Benchmarks/.build/release/Profile rules 5
//
// A third argument puts another rule in the place of `redact.lua`: with `every-detector` one with all text detectors,
// with `name-and-word` one with none.
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
let detectors: [String]? =
  switch arguments.dropFirst(2).first {
  case "every-detector": HideMatcher.textDetectors
  case "name-and-word": []
  default: nil
  }
if let detectors {
  let text = detectors.isEmpty ? "" : "match.text { \(detectors.map { "'\($0)'" }.joined(separator: ", ")) },"
  rules.rules["redact"] = RuleSource(
    file: "redact.lua",
    text: """
      return rule { about = 'Hides.', hide = {
        match.words(list 'secret_words', { except = list 'harmless_names' }),
        \(text)
        remove(match.names { 'webhook.payload', 'webhook.body', 'http.request.body', 'http.response.body' }),
      } }
      """)
}
let host = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: rules))
let requests = (1...16).map { StandardWork.request(seed: UInt64($0)) }
let end = Date().addingTimeInterval(seconds)
var least = Int.max
while Date() < end {
  // All requests in one measurement: over one alone, the processor time of several threads is off by a factor.
  let before = processorTime()
  for request in requests { _ = await host.process(Door().admit(request).takeBatch()).encoded() }
  least = min(least, (processorTime() - before) / (requests.count * StandardWork.spansPerRequest))
}
print("\(least) ns a span")
