internal import BuiltinProcessors
internal import ProcessorHost
internal import TestSupport

/// A host whose rules look at whole traces: several lanes and shards, with the test's own time.
struct TraceRuleHost {
  let clock = ManualClock()
  let collected = CollectedTraces()
  let host: SpanProcessorHost

  /// - Parameter rules: rule texts by name, in chain order.
  init(_ rules: KeyValuePairs<String, String>, _ limits: TraceLimits = TraceLimits(shards: 3)) throws {
    var configuration = SpanProcessorHost.Configuration(rules: Self.directory(rules), lanes: 2)
    configuration.traces = limits
    host = try SpanProcessorHost(configuration, natives: .builtin, clock: clock)
    host.deliverTraces(to: collected)
  }

  static func directory(_ rules: KeyValuePairs<String, String>) -> RuleDirectory {
    let names = rules.map { "\"\($0.key)\"" }.joined(separator: ", ")
    return RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, \(names) }"),
      rules: rules.map { RuleSource(file: $0.key + ".lua", text: $0.value) })
  }

  /// Brings spans as one request.
  /// - Returns: those that are not held and left at once.
  @discardableResult
  func add(_ spans: [PlainSpan]) async -> [PlainSpan] {
    let batch = Door().admit(spans.flatMap { $0.encodedRequest() }).takeBatch()
    return PlainSpan.all(in: await host.process(batch))
  }

  func replaceRules(_ rules: KeyValuePairs<String, String>) async throws {
    try await host.replaceRules(with: Self.directory(rules))
  }

  /// Moves the time on, in nanoseconds from the beginning, and decides what is due then.
  func move(to now: UInt64) async {
    clock.advance(by: .nanoseconds(Int64(now)) - clock.elapsed)
    await host.advanceTraces()
  }

  func end() async { await host.drainTraces() }

  /// How often each span has left.
  var left: [TraceModel.Left: Int] {
    collected.spans.reduce(into: [:]) {
      $0[TraceModel.Left(trace: $1.traceID, span: $1.spanID.value), default: 0] += 1
    }
  }

  /// The different values that spans have of an attribute, by trace; `empty` for those that do not have it.
  func values(_ key: String) -> [TraceID: [AttributeValue]] {
    collected.spans.reduce(into: [:]) { values, span in
      let value = span[key] ?? .empty
      if values[span.traceID]?.contains(value) != true { values[span.traceID, default: []].append(value) }
    }
  }
}

extension TraceTraffic {
  /// Batches that several senders bring at a time.
  func steps(senders: Int, _ generator: inout SeededGenerator) -> [(now: UInt64, requests: [[PlainSpan]])] {
    let batches = batches(&generator)
    return stride(from: 0, to: batches.count, by: senders).map { start in
      let step = batches[start..<min(start + senders, batches.count)]
      return (step.last?.now ?? 0, step.map(\.spans))
    }
  }
}
