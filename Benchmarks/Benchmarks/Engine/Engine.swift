import Benchmark
import BuiltinProcessors
import CAllocationCount
import Foundation
import ProcessorHost
import StandardWork

/// The repository's own rules, found from this file.
private let rulesPath =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../rules").standardizedFileURL.path

/// The processor time that all threads of the process have used, in nanoseconds. (The harness's own figure comes in steps
/// of 10 ms on Linux.)
func processorTime() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Figures are for one request of 512 spans unless they say otherwise. Machines are noisy: compare the p0 column.
let benchmarks: @Sendable () -> Void = {
  let allocations = BenchmarkMetric.custom(
    "Allocations per request", polarity: .prefersSmaller, useScalingFactor: false)
  let processor = BenchmarkMetric.custom("CPU per span (ns)", polarity: .prefersSmaller, useScalingFactor: false)
  let call = BenchmarkMetric.custom("CPU of the call (us)", polarity: .prefersSmaller, useScalingFactor: false)
  Benchmark.defaultConfiguration = Benchmark.Configuration(
    metrics: [.wallClock, .instructions, .peakMemoryResident, allocations, processor],
    warmupIterations: 20,
    maxDuration: .seconds(3),
    maxIterations: 2000)

  /// Runs `work` once an iteration on one of sixteen requests, and counts what it allocates.
  func measure(_ name: String, distinctKeys: Bool = false, _ make: @escaping @Sendable () throws -> Work) {
    Benchmark(name) { benchmark in
      let work = try make()
      let requests = (1...16).map { StandardWork.request(seed: UInt64($0), distinctKeys: distinctKeys) }
      for request in requests { await work.run(request) }
      var next = 0
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        let before = (allocation_count(), processorTime())
        await work.run(requests[next])
        let after = (allocation_count(), processorTime())
        benchmark.measurement(allocations, Int(after.0 - before.0))
        benchmark.measurement(processor, (after.1 - before.1) / StandardWork.spansPerRequest)
        next = (next + 1) % requests.count
      }
      benchmark.stopMeasurement()
    }
  }

  measure("door") { Work { blackHole(Door().admit($0).takeBatch().count) } }
  measure("door, encode") { Work { blackHole(Door().admit($0).takeBatch().encoded()) } }
  measure("door, empty chain, encode") { try Work(chain: []) }
  for rule in ["slow_trace", "sample", "redact", "truncate"] {
    measure("door, \(rule), encode") { try Work(chain: [rule]) }
  }
  measure("door, four rules by name and word, encode") { try Work(chain: nil, redact: Work.byNameAndWord) }
  measure("door, four rules by name and word, encode, every key distinct", distinctKeys: true) {
    try Work(chain: nil, redact: Work.byNameAndWord)
  }
  measure("door, four rules, encode") { try Work(chain: nil) }
  measure("door, four rules, encode, every key distinct", distinctKeys: true) { try Work(chain: nil) }
  measure("door, four rules with every detector, encode") { try Work(chain: nil, redact: Work.withEveryDetector) }
  for count in [1, 10, 100, 1000] {
    measure("door, \(count) patterns, encode") { try Work(chain: ["redact"], redact: Work.patterns(count)) }
  }
  hidingBenchmarks(processor, allocations)

  for (name, hook) in HostileRules.all {
    Benchmark("hostile: \(name)", configuration: .init(metrics: [.wallClock, call], maxIterations: 20)) { benchmark in
      let span = StandardWork.request(spans: 1)
      for _ in benchmark.scaledIterations {
        // A new host each time, so that no breaker is open.
        let host = try SpanProcessorHost(
          SpanProcessorHost.Configuration(rules: HostileRules.directory(hook), chain: ["hostile"]))
        let batch = Door().admit(span).takeBatch()
        benchmark.startMeasurement()
        let before = processorTime()
        blackHole(await host.process(batch).count)
        benchmark.measurement(call, (processorTime() - before) / 1000)
        benchmark.stopMeasurement()
      }
    }
  }
}

/// What is done to a request.
struct Work: Sendable {
  let run: @Sendable ([UInt8]) async -> Void

  init(_ run: @escaping @Sendable ([UInt8]) async -> Void) { self.run = run }

  /// The way of a request through the engine: in by the door, through a chain, out as a request.
  /// - Parameter redact: what stands in the place of `redact.lua`.
  init(chain: [String]?, redact: String? = nil) throws {
    var directory = try RuleDirectory(contentsOf: rulesPath)
    if let redact { directory.rules["redact"] = RuleSource(file: "redact.lua", text: redact) }
    let host = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: directory, chain: chain))
    run = { request in
      let batch = await host.process(Door().admit(request).takeBatch())
      blackHole(batch.encoded())
    }
  }
}
