internal import ProcessorHost
internal import ProcessorHostTracing
internal import Tracing

extension TracingBackend.Configuration {
  /// One rule for whole traces.
  static func traceRule(_ body: String, can powers: String = "set = { tagged = 'boolean' }") -> Self {
    var configuration = Self()
    configuration.rules = .inMemory(
      RuleDirectory(
        chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, 'traces' }"),
        rules: [
          RuleSource(
            file: "traces.lua",
            text: "return rule { about = 't', can = { \(powers) }, on_trace = function(trace) \(body) end }")
        ]))
    return configuration
  }

  /// Each trace is tagged.
  static var tagging: Self { traceRule("trace:set('tagged', true)") }
}

extension HostTracer {
  /// A span of a request, under another span, or of a caller in another process.
  func start(
    _ name: String, under parent: HostSpan? = nil, from caller: SpanContext? = nil, at second: UInt64 = 1
  ) -> HostSpan {
    var context = parent?.context ?? .topLevel
    if let caller { context.spanContext = caller }
    return startSpan(
      name, context: context, at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: second * 1_000_000_000))
  }
}

extension HostSpan {
  func end(atSecond second: UInt64) {
    end(at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: second * 1_000_000_000))
  }
}

extension SpanContext {
  /// A span of another service.
  static var caller: SpanContext {
    SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), traceFlags: .sampled, isRemote: true)
  }
}
