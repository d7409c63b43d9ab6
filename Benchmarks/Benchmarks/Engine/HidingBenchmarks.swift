import Benchmark
import BuiltinProcessors
import CAllocationCount
import ProcessorHost
import StandardWork

extension Work {
  private static func rule(_ steps: String) -> String { "return rule { about = 'Hides.', hide = { \(steps) } }" }

  /// What `redact.lua` hides without looking inside text.
  static let byNameAndWord = rule(
    """
    match.words(list 'secret_words', { except = list 'harmless_names' }),
    remove(match.names { 'webhook.payload', 'webhook.body', 'http.request.body', 'http.response.body' }),
    """)

  /// The same with every detector there is.
  static let withEveryDetector = rule(
    """
    match.words(list 'secret_words', { except = list 'harmless_names' }),
    match.text { \(HideMatcher.textDetectors.map { "'\($0)'" }.joined(separator: ", ")) },
    remove(match.names { 'webhook.payload', 'webhook.body', 'http.request.body', 'http.response.body' }),
    """)

  /// So many patterns of the kind that people write for ids of their own; none of them hits.
  static func patterns(_ count: Int) -> String {
    let patterns = (0..<count).map { "'ID\(1000 + $0)-[0-9]{6,8}'" }.joined(separator: ", ")
    return rule("match.patterns { \(patterns) }")
  }
}

/// Texts of all sizes: what looking costs where there is nothing, and what finding costs.
func hidingBenchmarks(_ processor: BenchmarkMetric, _ allocations: BenchmarkMetric) {
  let perByte = BenchmarkMetric.custom("CPU per KiB (ns)", polarity: .prefersSmaller, useScalingFactor: false)
  for size in [1 << 6, 1 << 10, 1 << 14, 1 << 17, 1 << 20] {
    for (name, part) in [
      ("nothing to hide", "to be or not to be, that is. "), ("secrets everywhere", "mail jo@example.org; "),
    ] {
      let text = String(String(repeating: part, count: size / part.utf8.count + 1).prefix(size))
      Benchmark(
        "redact \(size) bytes, \(name)", configuration: .init(metrics: [.wallClock, perByte], maxIterations: 500)
      ) {
        benchmark in
        let redactor = try Redactor(.standard)
        for _ in benchmark.scaledIterations {
          let rounds = max(1, (1 << 16) / size)
          let before = processorTime()
          for _ in 0..<rounds { blackHole(redactor.redact(text)) }
          benchmark.measurement(perByte, (processorTime() - before) * 1024 / (rounds * size))
        }
      }
    }
  }
}
