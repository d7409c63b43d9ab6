import HostServices
import Testing

struct CheckTests {
  @Test(arguments: [
    ("http://127.0.0.1:4318", true), ("http://localhost:4318", true), ("http://[::1]:4318", false),
    ("http://localhost:4317", true), ("http://127.0.0.9:4319", false), ("http://127.0.0.1:4319", true),
    ("http://a.localhost:4317", true), ("http://0.0.0.0:4318", true),
    ("http://localhost:4320", false), ("http://backend:4318", false), ("https://localhost", false),
  ])
  func anExporterMustNotPointAtAnOwnListener(_ endpoint: String, _ isOwn: Bool) {
    let told = complaints(environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": endpoint])
    #expect(told.isEmpty != isOwn)
    if isOwn { #expect(told[0].contains("points at this host's own")) }
  }

  @Test func aListenerOnEveryAddressIsReachedByEachOfThisMachine() {
    for endpoint in ["http://127.0.0.9:4318", "http://[::1]:4318", "http://localhost:4318"] {
      let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": endpoint]
      #expect(complaints(environment: environment, flags: [("--otlp-http", "0.0.0.0:4318")]).count == 1)
    }
  }

  @Test func openTelemetrysDefaultEndpointIsThisHostUnlessItListensElsewhere() throws {
    let environment = ["OTEL_TRACES_EXPORTER": "otlp"]
    #expect(complaints(environment: environment).count == 1)
    let resolved = try resolve(environment: environment, flags: [("--otlp-http", "127.0.0.1:14318")])
    #expect(resolved.configuration.exporters.map(\.endpoint) == ["http://localhost:4318/v1/traces"])
  }

  @Test(arguments: [
    (
      "queue: { max_spans: 10 }",
      "host.yaml:1:21: a batch of 512 spans (queue.max_batch_spans) has no room in a queue of 10 (queue.max_spans)"
    ),
    (
      "receivers: { max_inflight_bytes: 1MiB }",
      "host.yaml:1:34: a request of receivers.max_body_bytes, 64MiB, has no room in receivers.max_inflight_bytes, 1MiB"
    ),
    (
      "receivers: { grpc: { endpoint: none }, http: { endpoint: none } }",
      "host.yaml:1:58: nothing would be received: receivers.grpc.endpoint and receivers.http.endpoint are both none"
    ),
    (
      "receivers: { http: { endpoint: '0.0.0.0:4317' } }",
      "host.yaml:1:32: receivers.http.endpoint and receivers.grpc.endpoint are both on port 4317"
    ),
    (
      "receivers: { http: { tls: { certificate: a } } }",
      "host.yaml:1:42: a certificate and its key come together: receivers.http.tls.certificate, receivers.http.tls.key"
    ),
    (
      "receivers: { grpc: { tls: { client_ca: a } } }",
      "host.yaml:1:40: receivers.grpc.tls.client_ca needs receivers.grpc.tls.certificate and receivers.grpc.tls.key"
    ),
    (
      "passthrough: { logs: true }",
      "host.yaml:1:22: logs and metrics can only be passed on over OTLP/HTTP, and no exporter is of kind otlp-http"
    ),
    ("passthrough: { exporter: console }", "host.yaml:1:26: there is no exporter console of kind otlp-http"),
    (
      "exporters: [{ kind: otlp-http, endpoint: 'http://b', retry: { initial_interval: 1m } }]",
      "host.yaml:1:81: exporters[otlp]: retry.initial_interval is longer than retry.max_interval"
    ),
    (
      "rules: { approval: lock, chain: [redact] }",
      "host.yaml:1:33: rules.chain would run other rules than those that were approved; put the chain into chain.lua, or set rules.approval to none"
    ),
    (
      "rules: { approval: signature }",
      "host.yaml:1:20: rules.approval is signature, and no key is trusted: name some with rules.approval_keys"
    ),
    (
      "rules: { approval: signature, approval_keys: [a.pub], approval_threshold: 2 }",
      "host.yaml:1:75: rules.approval_threshold is 2, and only 1 keys are trusted"
    ),
    (
      "rules: { audit_log: rules.log }",
      "host.yaml:1:21: an audit log and its key come together: rules.audit_log, rules.audit_log_key"
    ),
  ])
  func whatDoesNotGoTogetherIsTold(_ yaml: String, _ complaint: String) {
    #expect(complaints(yaml) == [complaint])
  }

  @Test func listenersOnAnyFreePortDoNotCollide() {
    #expect(
      complaints(flags: [("--otlp-grpc", "127.0.0.1:0"), ("--otlp-http", "127.0.0.1:0"), ("--admin", "127.0.0.1:0")])
        .isEmpty)
  }

  @Test func signaturesWithoutACounterAreToldOf() throws {
    let open = try resolve("rules: { approval: signature, approval_keys: [a.pub] }")
    #expect(open.notices.contains { $0.contains("was ever signed may run again") })
    let closed = try resolve("rules: { approval: signature, approval_keys: [a.pub], approval_counter: floor }")
    #expect(closed.notices.isEmpty)
    #expect(closed.configuration.rules.approval.keyFiles == ["a.pub"])
    #expect(closed.configuration.rules.approval.counterFile == "floor")
  }

  @Test func variablesThatSpeakToAppsAreToldOf() throws {
    let notices = try resolve(environment: ["OTEL_TRACES_SAMPLER": "always_off", "OTEL_SERVICE_NAME": "shop"]).notices
    #expect(notices.count == 1)
    #expect(notices[0].hasPrefix("OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME speak to apps and are not used here"))
  }

  @Test func aMisspeltVariableIsToldOfAndThoseOfKubernetesAreNot() throws {
    let environment = [
      "PROCESSOR_HOST_QUEUE_MAX_SPAN": "3", "PROCESSOR_HOST_SERVICE_HOST": "10.0.0.1",
      "PROCESSOR_HOST_PORT": "tcp://10.0.0.1:4317",
      "PROCESSOR_HOST_PORT_4317_TCP": "tcp://10.0.0.1:4317", "PROCESSOR_HOST_PORT_4317_TCP_ADDR": "10.0.0.1",
      "PROCESSOR_HOST_SERVICE_PORT_OTLP_GRPC": "4317", "PROCESSOR_HOST_KEY_CUSTOMERS": "x",
      "PROCESSOR_HOST_CONFIG": "x",
    ]
    let notices = try resolve(environment: environment).notices
    #expect(
      notices == [
        "PROCESSOR_HOST_QUEUE_MAX_SPAN is no variable of this host; did you mean PROCESSOR_HOST_QUEUE_MAX_SPANS?"
      ])
  }

  @Test func theTokenComesFromAFileOrTheEnvironment() throws {
    let yaml = "receivers: { bearer_token_file: token }"
    let read = try resolve(yaml, secrets: ["token": "hush-hush\n"])
    #expect(read.configuration.receivers.bearerToken == "hush-hush")
    let variable = try resolve(yaml, environment: ["PROCESSOR_HOST_RECEIVERS_BEARER_TOKEN": "from-a-variable"])
    #expect(variable.configuration.receivers.bearerToken == "from-a-variable")
    #expect(throws: ConfigurationErrors.self) { try resolve(yaml) }
    #expect(throws: ConfigurationErrors.self) { try resolve(yaml, secrets: ["token": "two words"]) }
    #expect(
      complaints(environment: ["PROCESSOR_HOST_RECEIVERS_BEARER_TOKEN": "two words"])
        == ["PROCESSOR_HOST_RECEIVERS_BEARER_TOKEN: expects a token of visible ASCII characters, at least 8"])
  }

  @Test func plainTextBeyondThisMachineIsToldOf() throws {
    let environment = ["PROCESSOR_HOST_RECEIVERS_BEARER_TOKEN": "from-a-variable"]
    let notices = try resolve(
      environment: environment, flags: [("--otlp-http", "0.0.0.0:4318"), ("--admin", "0.0.0.0:4319")]
    ).notices
    #expect(notices.count == 2)
  }
}
