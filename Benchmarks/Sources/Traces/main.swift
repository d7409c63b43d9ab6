import BuiltinProcessors
import Foundation
import ProcessorHost
import StandardWork

// What it costs to hold whole traces and to decide them:
//
//   swift run -c release --package-path Benchmarks Traces 50000
//
// Traces of 20 spans come interleaved, 500 at a time, and are decided when all of them have come. Processor time is that of
// all threads, nanoseconds a span.

let spansPerTrace = 20
let tracesAtATime = 500
let traces = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 50_000

func processorTime() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

func residentBytes() -> Int {
  let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
  return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
}

/// Takes batches and forgets them.
struct Sink: SpanExporter {
  let name = "sink"
  func export(_ batch: ExportBatch) async -> ExportOutcome { .exported }
}

/// The requests that bring all traces, in order: each has one span of each of 500 traces.
func forEachRequest(_ body: ([UInt8]) async -> Void) async {
  for first in stride(from: 0, to: traces, by: tracesAtATime) {
    let count = min(tracesAtATime, traces - first)
    for round in 0..<spansPerTrace {
      let request = StandardWork.request(spans: count, seed: UInt64(first * spansPerTrace + round)) { index in
        (number: UInt64(first + index), isRoot: round == spansPerTrace - 1)
      }
      await body(request)
    }
  }
}

/// - Returns: processor time a span.
func measure(_ host: SpanProcessorHost, _ intake: SpanIntake) async -> Int {
  var time = 0
  await forEachRequest { request in
    let before = processorTime()
    _ = await intake.accept(request, format: .protobuf)
    time += processorTime() - before
  }
  return time / (traces * spansPerTrace)
}

func queue() -> SpanQueue {
  SpanQueue(
    [ExportQueue(Sink(), isRequired: true, limits: .init(spans: .max / 2, bytes: .max / 2))],
    limits: .init(spans: .max / 2, bytes: .max / 2))
}

/// What it costs to pass spans on: the door, an empty chain, the queue. All else is measured beside it.
func passOn() async throws {
  let queue = queue()
  let host = try SpanProcessorHost(SpanProcessorHost.Configuration())
  let sending = Task { await queue.run() }
  let time = await measure(host, SpanIntake(host: host, queue: queue))
  queue.close()
  await sending.value
  print("the door, an empty chain, the queue: \(time) ns a span")
}

/// Holds all traces, and then decides them.
/// - Parameter encoded: how many bytes all requests have.
func holdAndDecide(_ about: String, _ configuration: SpanProcessorHost.Configuration, encoded: Int) async throws {
  var configuration = configuration
  configuration.traces = TraceLimits(
    wait: .seconds(3600), grace: .seconds(3600), bytes: 64 << 30, traces: 1 << 30, decisions: 100_000)
  let host = try SpanProcessorHost(configuration)
  let queue = queue()
  let residentBefore = residentBytes()
  let holding = await measure(host, SpanIntake(host: host, queue: queue))
  let figures = await host.traceFigures()
  let spans = figures.heldSpans
  print("\n\(about)")
  print("  to there, and held: \(holding) ns a span")
  print(
    "  held: \(figures.heldTraces) traces, \(spans) spans of \(encoded / spans) bytes; memory "
      + "\(figures.reservedBytes / spans) bytes a span, resident \((residentBytes() - residentBefore) / spans) more, "
      + "target \(encoded / spans * 6 / 5 + 64)")
  let sending = Task { await queue.run() }
  let before = processorTime()
  await host.drainTraces()
  print("  deciding, the queue and its encoding included: \((processorTime() - before) / spans) ns a span")
  let ledger = await host.ledger()
  precondition(ledger.isBalanced && ledger.received == spans && ledger.held == 0 && ledger.failures.isEmpty)
  queue.close()
  await sending.value
}

/// The rules that look at whole traces, as they come with the host.
func wholeTraceRules(threshold: String) -> SpanProcessorHost.Configuration {
  SpanProcessorHost.Configuration(
    rules: .standard, chain: ["slow_trace", "sample"],
    settings: [
      "slow_trace": ["whole_trace": "true", "threshold": threshold], "sample": ["whole_trace": "true"],
    ])
}

var encoded = 0
await forEachRequest { encoded += $0.count }
try await passOn()

var trivial = SpanProcessorHost.Configuration()
trivial.traceProcessors = [ClosureTraceProcessor("trivial") { _ in }]
try await holdAndDecide("held, and a processor that does nothing", trivial, encoded: encoded)
try await holdAndDecide(
  "slow_trace and sample in their whole-trace form, no trace is slow", wholeTraceRules(threshold: "60s"),
  encoded: encoded)
try await holdAndDecide("the same, every trace is slow", wholeTraceRules(threshold: "1ms"), encoded: encoded)
