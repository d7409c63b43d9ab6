import Foundation
import ProcessorHost
import ProcessorHostTracing
import Tracing

// What tracing costs an app: processor time on the thread that makes spans, and of the whole process, for a span with 12
// attributes and an event, as the standard work has it.
//
//   Library          every way to run it, each in a process of its own, several times in turn; the least of each
//   Library MODE     one of them, once, as two numbers
//
// The spans go by way of rules and encoding to an exporter that counts them.

let modes: [(name: String, about: String)] = [
  ("none", "no tracer bound"),
  ("off", "bound, sampler always_off"),
  ("plain", "recorded, no rules"),
  ("name-and-word", "recorded, four rules by name and word"),
  ("rules", "recorded, the four rules as they ship"),
]
let styles: [(name: String, about: String)] = [
  ("update", "updateAttributes once"), ("each", "attributes[key] = value, 12 times"),
]

if let mode = CommandLine.arguments.dropFirst().first {
  let style = CommandLine.arguments.dropFirst(2).first ?? "update"
  try await measure(mode, style)
} else {
  try compare()
}

func compare() throws {
  for style in styles {
    print("\nCPU of a span in ns (\(style.about)):\(String(repeating: " ", count: 12))caller    in all")
    for mode in modes {
      var least = [Int.max, Int.max]
      for _ in 0..<5 {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = [mode.name, style.name]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        for (index, figure) in text.split(whereSeparator: \.isWhitespace).compactMap({ Int($0) }).enumerated() {
          least[index] = min(least[index], figure)
        }
      }
      let about = mode.about.padding(toLength: 52, withPad: " ", startingAt: 0)
      print("  \(about)\(String(format: "%6d    %6d", least[0], least[1]))")
    }
  }
}

/// Counts spans, so that everything up to the network is done.
final class CountingExporter: SpanExporter {
  let name = "count"

  func export(_ batch: ExportBatch) async -> ExportOutcome { .exported }
}

func measure(_ mode: String, _ style: String) async throws {
  var service: TracingService?
  if mode != "none" {
    var configuration = TracingBackend.Configuration()
    configuration.exporter = .custom(CountingExporter())
    if mode == "off" { configuration.sampler = AlwaysOffSampler() }
    if mode == "plain" { configuration.rules = .none }
    if mode == "name-and-word" { configuration.rules = .inMemory(RulesByNameAndWord.directory) }
    service = try TracingBackend.bootstrap(configuration)
  }
  let sending = service.map { service in Task { try await service.run() } }
  let work = SpanWork(style: style)
  var least = [Int.max, Int.max]
  for _ in 0..<40 {
    let before = (ProcessorTime.thread, ProcessorTime.process)
    var caller = 0
    // In bursts that the queue has room for; what a thread waits costs it nothing.
    for _ in 0..<20 {
      let start = ProcessorTime.thread
      for index in 0..<500 { work.makeSpan(index) }
      caller += ProcessorTime.thread - start
      if let service { await service.forceFlush() }
    }
    least[0] = min(least[0], caller / 10_000)
    least[1] = min(least[1], (ProcessorTime.process - before.1) / 10_000)
  }
  if let service {
    let account = await service.account()
    precondition(account.droppedByFullQueue == 0, "spans were dropped: \(account)")
    if mode != "off" { precondition(account.processed.received == 400_000, "\(account)") }
  }
  print(least[0], least[1])
  sending?.cancel()
}
