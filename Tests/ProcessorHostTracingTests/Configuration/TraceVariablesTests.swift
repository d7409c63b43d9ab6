internal import ProcessorHostTracing
internal import Testing

@Suite("Settings for whole traces")
struct TraceVariablesTests {
  private typealias Traces = TracingConfiguration.Traces

  @Test("variables replace what the app sets")
  func variables() throws {
    var own = TracingConfiguration()
    own.traces.root = .trace
    own.traces.wait = .seconds(1)
    let read = try TracingConfiguration.quietly(
      [
        "PROCESSOR_HOST_TRACES_WAIT": "1m", "PROCESSOR_HOST_TRACES_GRACE": "500ms",
        "PROCESSOR_HOST_TRACES_ROOT": "service",
        "PROCESSOR_HOST_TRACES_MAX_BYTES": "2MiB", "PROCESSOR_HOST_TRACES_MAX_TRACES": "3",
        "PROCESSOR_HOST_TRACES_MAX_SPANS_PER_TRACE": "4", "PROCESSOR_HOST_TRACES_DECISIONS": "0",
      ], over: own
    ).traces
    #expect(read.wait == .seconds(60) && read.grace == .milliseconds(500) && read.root == .service)
    #expect(read.maxBytes == 2 << 20 && read.maxTraces == 3 && read.maxSpansPerTrace == 4 && read.decisions == 0)
    #expect(try TracingConfiguration.quietly([:], over: own).traces == own.traces)
  }

  @Test(
    "one that is wrong is passed over, with a warning",
    arguments: [
      ("WAIT", "0s"), ("WAIT", "2h"), ("GRACE", "5"), ("ROOT", "local"), ("MAX_BYTES", "1KiB"), ("MAX_TRACES", "0"),
      ("MAX_SPANS_PER_TRACE", "-1"), ("DECISIONS", "many"),
    ])
  func wrong(name: String, value: String) throws {
    let name = "PROCESSOR_HOST_TRACES_\(name)"
    let (read, warnings) = try TracingConfiguration.reading([name: value])
    #expect(read.traces == Traces() && warnings.count == 1)
    #expect(warnings[0].hasPrefix(name + ":") && warnings[0].contains("'\(value)'"))
  }

  @Test("as long as spans may lie before they are looked at, a trace waits for them on top of the grace period")
  func grace() {
    var traces = Traces()
    traces.grace = .seconds(3)
    #expect(traces.limits(behind: .seconds(4)).grace == .seconds(7))
  }

  @Test("a trace ends with the first span of a request here, unless the app says otherwise")
  func root() {
    var traces = Traces()
    #expect(traces.limits(behind: .zero).endsWithLocalRoot)
    traces.root = .trace
    #expect(!traces.limits(behind: .zero).endsWithLocalRoot)
  }
}
