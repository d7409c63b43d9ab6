import HostServices
import Testing

struct FileErrorTests {
  @Test(arguments: [
    ("lane: 2", "host.yaml:1:1: there is no setting lane; did you mean lanes?"),
    ("queue:\n  max_span: 2", "host.yaml:2:3: there is no setting max_span in queue; did you mean max_spans?"),
    ("max_spans: 2", "host.yaml:1:1: there is no setting max_spans; did you mean queue.max_spans?"),
    ("exporter: []", "host.yaml:1:1: there is no setting exporter; did you mean exporters?"),
    (
      "receivers:\n  grpc:\n    port: 1",
      "host.yaml:3:5: there is no setting port in receivers.grpc; there are endpoint, tls"
    ),
    (
      "queue: { max_spans: many }",
      "host.yaml:1:21: queue.max_spans expects a whole number from 1 to 100000000, not many"
    ),
    ("lanes: \"2\"", "host.yaml:1:8: lanes expects a whole number from 1 to 256, not \"2\" in quotes"),
    ("lanes: 0", "host.yaml:1:8: lanes expects a whole number from 1 to 256, not 0"),
    ("lanes: 2.5", "host.yaml:1:8: lanes expects a whole number from 1 to 256, not 2.5"),
    ("lanes:", "host.yaml:1:7: lanes has no value; leave it out for its default"),
    ("lanes: [1]", "host.yaml:1:8: lanes expects a whole number from 1 to 256, not a list"),
    ("queue: 5", "host.yaml:1:8: queue has settings below it, not a single value"),
    ("passthrough: { logs: yes }", "host.yaml:1:22: passthrough.logs expects true or false, not yes"),
    (
      "logging: { level: loud }",
      "host.yaml:1:19: logging.level expects one of trace, debug, info, notice, warning, error, critical, not loud"
    ),
    (
      "queue: { schedule_delay: 5 }",
      "host.yaml:1:26: queue.schedule_delay expects a time from 1ms to 1h with its unit ms, s, m or h, such as 5s, not 5"
    ),
    (
      "queue: { max_bytes: 64MB }",
      "host.yaml:1:21: queue.max_bytes expects bytes from 64KiB to 1024GiB, such as 64MiB, not 64MB"
    ),
    (
      "receivers: { grpc: { endpoint: 4317 } }",
      "host.yaml:1:32: receivers.grpc.endpoint expects HOST:PORT, such as 127.0.0.1:4317, or none, not 4317"
    ),
    (
      "receivers: { bearer_token: abcdefghi }",
      "host.yaml:1:28: receivers.bearer_token: a token does not stand in a configuration file; name a file of its own with bearer_token_file"
    ),
    (
      "rules: { keys: { Wrong: x } }",
      "host.yaml:1:25: rules.keys expects NAME=FILE, such as customers=customers.keys, not Wrong=x"
    ),
    (
      "rules: { settings: { a: { b: 1 } } }",
      "host.yaml:1:25: rules.settings expects RULE.NAME=VALUE, such as slow_trace.threshold=30s, not a mapping"
    ),
    ("- lanes", "host.yaml:1:1: a configuration file has settings by their names, such as lanes: 2"),
    ("lanes: 1\nlanes: 2", "host.yaml:1:1: lanes stands twice in one mapping"),
    (
      "lanes: [1",
      "host.yaml:2:1: this is not YAML: did not find expected ',' or ']', while parsing a flow sequence at line 1"
    ),
  ])
  func whatIsWrongIsToldWithItsPlace(_ yaml: String, _ complaint: String) {
    #expect(complaints(yaml) == [complaint])
  }

  @Test func everythingThatIsWrongIsToldAtOnce() {
    let yaml = """
      lanes: many
      queue:
        max_bites: 1
      exporters:
        - kind: otlp-http
          endpoint: ftp://x
        - kind: telegraph
      """
    let told = complaints(yaml, environment: ["OTEL_BSP_EXPORT_TIMEOUT": "soon"], flags: [("--log-format", "xml")])
    #expect(told.count == 6)
    #expect(told.contains { $0.hasPrefix("OTEL_BSP_EXPORT_TIMEOUT: expects a time from 1ms") })
    #expect(told.contains("--log-format: expects one of text, json, not xml"))
  }

  @Test func whatIsShownOfAValueIsShortAndHasNoControlCharacters() throws {
    let told = try #require(complaints("lanes: \"\\e[31m\(String(repeating: "x", count: 500))\"").first)
    #expect(told.utf8.count < 200)
    #expect(!told.unicodeScalars.contains("\u{1B}"))
  }

  @Test func aLongUnknownNameCostsNothing() {
    #expect(complaints("? \(String(repeating: "a", count: 500_000))\n: 1").count == 1)
  }
}
