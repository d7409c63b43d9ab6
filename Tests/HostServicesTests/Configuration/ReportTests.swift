import HostServices
import Testing

struct ReportTests {
  private let environment = [
    "OTEL_EXPORTER_OTLP_HEADERS": "authorization=very-secret", "SENTRY_DSN": "https://verysecret@h/1",
    "PROCESSOR_HOST_RECEIVERS_BEARER_TOKEN": "very-secret-token", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://b",
  ]

  @Test func secretsAreMaskedAndOriginsShown() throws {
    let resolved = try resolve("lanes: 2", environment: environment, flags: [("--admin", "none")])
    let text = ConfigurationText(resolved).text
    let json = String(decoding: try ConfigurationJSON(resolved).bytes, as: UTF8.self)
    for secret in ["secret"] { #expect(!text.contains(secret) && !json.contains(secret)) }
    #expect(text.contains("lanes: 2") && text.contains("# host.yaml:1:8\n"))
    #expect(text.contains("authorization: \"********\""))
    #expect(text.contains("# variable OTEL_EXPORTER_OTLP_HEADERS\n"))
    #expect(text.contains("# flag --admin\n"))
    #expect(text.contains("max_spans: 2048"))
    #expect(json.contains(#"{"name":"lanes","origin":"host.yaml:1:8","value":"2"}"#))
    #expect(json.contains(#"{"name":"exporters[sentry].dsn","origin":"variable SENTRY_DSN","value":"********"}"#))
  }

  @Test func theQueryOfAnEndpointIsMasked() throws {
    let resolved = try resolve(environment: ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://b/v1/traces?key=secret"])
    #expect(ConfigurationText(resolved).text.contains("endpoint: \"https://b/v1/traces?********\""))
    #expect(resolved.configuration.exporters[0].endpoint == "https://b/v1/traces?key=secret")
  }

  @Test func theTextIsAFileThatGivesTheSameConfiguration() throws {
    let yaml = """
      receivers:
        grpc: { endpoint: "[::1]:4317", tls: { certificate: "a b: #c.pem", key: "null" } }
        http: { endpoint: none }
        idle_timeout: 90s
      rules:
        dir: "-rules"
        chain: [a, b]
        settings: { a.b: "5: \\"x\\"\\n\\e[1m", c.d: 1.5 }
        keys: { customers: c.keys }
        sampling_mode: proportional
      queue: { max_bytes: 1000000, schedule_delay: 1500ms }
      passthrough: { logs: true }
      exporters:
        - { kind: otlp-http, name: a.b, encoding: json, endpoint: "http://b:4317", required: false, retry: { multiplier: 1.25 } }
        - { kind: file, path: "spans.jsonl", rotation: { max_files: 0 } }
        - { kind: console, name: "true" }
      """
    let resolved = try resolve(yaml)
    let text = ConfigurationText(resolved).text
    #expect(try resolve(text).configuration == resolved.configuration)
    for sources in [nil, "exporters: []", "rules: { chain: none }", "admin: { endpoint: none }"] {
      let resolved = try resolve(sources)
      #expect(try resolve(ConfigurationText(resolved).text).configuration == resolved.configuration)
    }
  }

  @Test func everySettingIsShown() throws {
    let resolved = try resolve()
    #expect(resolved.hostLines.map(\.path) == HostSettings.all.map(\.path))
  }
}
