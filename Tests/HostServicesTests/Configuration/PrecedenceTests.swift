import HostServices
import Testing

struct PrecedenceTests {
  @Test func withoutAnySourceEverythingHasItsDefault() throws {
    let resolved = try resolve()
    var expected = HostConfiguration()
    expected.exporters = [ExporterSettings(.console, name: "console")]
    #expect(resolved.configuration == expected)
    #expect(resolved.hostLines.allSatisfy { $0.origin == .builtIn })
    #expect(resolved.notices.isEmpty)
  }

  @Test func eachSourceGoesBeforeThoseBelowIt() throws {
    let yaml = """
      queue:
        max_spans: 100
        max_batch_spans: 10
      lanes: 2
      """
    let environment = [
      "OTEL_BSP_MAX_QUEUE_SIZE": "200", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "20", "PROCESSOR_HOST_QUEUE_MAX_SPANS": "300",
    ]
    let resolved = try resolve(yaml, environment: environment, flags: [("--max-batch-spans", "30")])
    #expect(resolved.configuration.lanes == 2)
    #expect(resolved.origins["lanes"] == .file(SourcePlace(file: "host.yaml", line: 4, column: 8)))
    #expect(resolved.configuration.queue.maxSpans == 300)
    #expect(resolved.origins["queue.max_spans"] == .variable("PROCESSOR_HOST_QUEUE_MAX_SPANS"))
    #expect(resolved.configuration.queue.maxBatchSpans == 30)
    #expect(resolved.origins["queue.max_batch_spans"] == .flag("--max-batch-spans"))
  }

  @Test func theBatchProcessorsVariablesAreMilliseconds() throws {
    let environment = ["OTEL_BSP_SCHEDULE_DELAY": "1500", "OTEL_BSP_EXPORT_TIMEOUT": "2000"]
    let queue = try resolve(environment: environment).configuration.queue
    #expect(queue.scheduleDelay == .milliseconds(1500))
    #expect(queue.exportTimeout == .seconds(2))
    #expect(complaints(environment: ["OTEL_BSP_SCHEDULE_DELAY": "1500ms"]).count == 1)
  }

  @Test func aVariableWithoutTextSaysNothing() throws {
    let environment = [
      "OTEL_BSP_MAX_QUEUE_SIZE": "", "OTEL_TRACES_EXPORTER": "", "SENTRY_DSN": "", "OTEL_SERVICE_NAME": "",
    ]
    #expect(try resolve(environment: environment) == resolve())
  }

  @Test func valuesWithNamesAreReplacedOneByOne() throws {
    let yaml = """
      rules:
        settings:
          slow_trace.threshold: 10s
          sample.ratio: 0.5
        keys: { customers: a.keys, tickets: b.keys }
      """
    let resolved = try resolve(
      yaml, environment: ["PROCESSOR_HOST_RULES_KEYS": "tickets=c.keys, agents=d.keys"],
      flags: [("--set", "slow_trace.threshold=1,5s"), ("--set", "truncate.description=9")])
    let rules = resolved.configuration.rules
    #expect(
      rules.settingsByRule == [
        "slow_trace": ["threshold": "1,5s"], "sample": ["ratio": "0.5"], "truncate": ["description": "9"],
      ])
    #expect(rules.keyFiles == ["customers": "a.keys", "tickets": "c.keys", "agents": "d.keys"])
    #expect(resolved.origins["rules.settings.slow_trace.threshold"] == .flag("--set"))
    #expect(
      resolved.origins["rules.settings.sample.ratio"] == .file(SourcePlace(file: "host.yaml", line: 4, column: 19)))
  }

  @Test(arguments: [
    ("rules: { chain: [a, b] }", ["a", "b"]), ("rules: { chain: 'a, b' }", ["a", "b"]), ("rules: { chain: none }", []),
    ("rules: { chain: [] }", nil),
  ])
  func theChainIsAListOrNone(_ yaml: String, _ chain: [String]?) throws {
    if let chain {
      #expect(try resolve(yaml).configuration.rules.chain == chain)
    } else {
      #expect(complaints(yaml).count == 1)
    }
  }

  @Test func aListenerCanBeTurnedOff() throws {
    let resolved = try resolve(
      "receivers: { http: { endpoint: none } }", flags: [("--admin", "none"), ("--otlp-grpc", "[::1]:1")])
    #expect(resolved.configuration.receivers.http.endpoint == nil)
    #expect(resolved.configuration.admin.endpoint == nil)
    #expect(resolved.configuration.receivers.grpc.endpoint == ListenAddress(host: "::1", port: 1))
  }

  @Test func aFileThatSaysNothingIsRight() throws {
    for yaml in ["", "# nothing\n", "receivers:\nrules:\n  # dir: x\nexporters:\n", "---\n"] {
      #expect(try resolve(yaml) == resolve())
    }
  }
}
