import Benchmark
import BuiltinProcessors
import CAllocationCount
import Foundation
import ProcessorHost
import StandardWork

/// The repository's own rules, found from this file.
private let rulesPath =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../rules").standardizedFileURL.path

/// Each figure is for one request of 512 spans; divide by 512 for one span.
let benchmarks: @Sendable () -> Void = {
  let allocations = BenchmarkMetric.custom("Allocations per request", polarity: .prefersSmaller, useScalingFactor: false)
  Benchmark.defaultConfiguration = Benchmark.Configuration(
    metrics: [.cpuTotal, .wallClock, .instructions, .peakMemoryResident, allocations],
    warmupIterations: 20,
    maxDuration: .seconds(5),
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
        let before = allocation_count()
        await work.run(requests[next])
        benchmark.measurement(allocations, Int(allocation_count() - before))
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
  measure("door, four rules, encode") { try Work(chain: nil) }
  measure("door, four rules, encode, every key distinct", distinctKeys: true) { try Work(chain: nil) }
}

/// What is done to a request.
struct Work: Sendable {
  let run: @Sendable ([UInt8]) async -> Void

  init(_ run: @escaping @Sendable ([UInt8]) async -> Void) { self.run = run }

  /// The way of a request through the engine: in by the door, through a chain, out as a request.
  init(chain: [String]?) throws {
    let directory = try RuleDirectory(contentsOf: rulesPath)
    let host = try SpanProcessorHost(SpanProcessorHost.Configuration(rules: directory, chain: chain))
    run = { request in
      let batch = await host.process(Door().admit(request).takeBatch())
      blackHole(batch.encoded())
    }
  }
}
