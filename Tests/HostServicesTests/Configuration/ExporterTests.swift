import HostServices
import Testing

struct ExporterTests {
  private func exporters(
    _ yaml: String? = nil, _ environment: [String: String] = [:], _ flags: [(String, String)] = []
  ) throws -> [ExporterSettings] {
    try resolve(yaml, environment: environment, flags: flags).configuration.exporters
  }

  // MARK: The file

  @Test func theFileListsExportersWithAllTheirSettings() throws {
    let yaml = """
      exporters:
        - kind: otlp-grpc
          name: jaeger
          required: false
          endpoint: https://jaeger.example.com:4317/
          headers: { X-Tenant: 42, authorization: "Bearer ${env:TOKEN}" }
          compression: gzip
          timeout: 3s
          tls: { certificate: ca.pem, client_certificate: c.pem, client_key: k.pem }
          retry: { initial_interval: 1s, multiplier: 1.5, max_interval: 2s, max_elapsed: 1m }
        - kind: file
          path: spans.jsonl
          rotation: { max_bytes: 1MiB, max_files: 2 }
        - kind: console
          required: true
      """
    var jaeger = ExporterSettings(.otlpGRPC, name: "jaeger")
    jaeger.isRequired = false
    jaeger.endpoint = "https://jaeger.example.com:4317"
    jaeger.headers = ["x-tenant": "42", "authorization": "Bearer hush-hush"]
    jaeger.compression = .gzip
    jaeger.timeout = .seconds(3)

    jaeger.tls.certificate = "ca.pem"
    jaeger.tls.clientCertificate = "c.pem"
    jaeger.tls.clientKey = "k.pem"
    jaeger.retry.initialInterval = .seconds(1)
    jaeger.retry.multiplier = 1.5
    jaeger.retry.maxInterval = .seconds(2)
    jaeger.retry.maxElapsed = .seconds(60)
    var file = ExporterSettings(.file, name: "file")
    file.path = "spans.jsonl"
    file.rotation.maxBytes = 1 << 20
    file.rotation.maxFiles = 2
    var console = ExporterSettings(.console, name: "console")
    console.isRequired = true
    #expect(try exporters(yaml, ["TOKEN": "hush-hush"]) == [jaeger, file, console])
    #expect(!file.isRequired)
  }

  @Test(arguments: [
    ("- kind: otlp-htp", "host.yaml:2:9: there is no kind of exporter otlp-htp; did you mean otlp-http?"),
    ("- name: a", "host.yaml:2:3: an exporter has a kind: otlp-http, otlp-grpc, sentry, console, file"),
    ("- kind: otlp-http", "host.yaml:2:9: exporters[otlp]: it has no endpoint, such as https://otlp.example.com:4318"),
    ("- { kind: file }", "host.yaml:2:11: exporters[file]: it has no path of the file to write"),
    ("- { kind: console, path: x }", "host.yaml:2:26: an exporter of kind console has no path"),
    (
      "- { kind: console, colour: x }",
      "host.yaml:2:20: there is no setting colour in exporters[console]; there are compression, dsn, encoding, endpoint, headers, kind, name, path, required, retry, rotation, timeout, tls"
    ),
    (
      "- { kind: otlp-grpc, endpoint: 'http://h:1/v1/traces' }",
      "host.yaml:2:32: exporters[otlp]: an endpoint of gRPC has no path"
    ),
    (
      "- { kind: otlp-http, endpoint: 'h:4318' }",
      "host.yaml:2:32: exporters[otlp]: an address begins with http:// or https://, as in http://localhost:4318"
    ),
    (
      "- { kind: otlp-http, endpoint: 'http://u:hush@h' }",
      "host.yaml:2:32: exporters[otlp]: credentials cannot stand in the address: give them as a header, such as authorization=Basic%20…"
    ),
    (
      "- { kind: otlp-http, endpoint: 'http://h', tls: { certificate: c } }",
      "host.yaml:2:32: exporters[otlp]: it has certificates, but its endpoint is not one of https"
    ),
    (
      "- { kind: otlp-http, endpoint: 'https://h', tls: { client_key: c } }",
      "host.yaml:2:64: exporters[otlp]: a client's certificate and its key come together: tls.client_certificate, tls.client_key"
    ),
    (
      "- { kind: otlp-http, endpoint: 'http://h', headers: { a b: c } }",
      "host.yaml:2:60: exporters[otlp].headers expects NAME=VALUE, a header's name and visible ASCII characters"
    ),
    (
      "- { kind: otlp-http, endpoint: 'http://h', headers: { a: '${env:NONE}' } }",
      "host.yaml:2:58: exporters[otlp].headers asks for the variable NONE, which is not set"
    ),
    (
      "- { kind: sentry, dsn: 'https://h/1' }",
      "host.yaml:2:24: exporters[sentry]: there is no key before '@'; expected https://PUBLICKEY@HOST/PROJECT"
    ),
    ("- kind: console\n- kind: console", "host.yaml:3:3: two exporters are named console; give one another name"),
    (
      "  kind: console",
      "host.yaml:2:3: exporters expects a list, each item with its kind: - kind: otlp-http; not a mapping"
    ),
  ])
  func whatIsWrongWithAnExporterIsTold(_ items: String, _ complaint: String) {
    #expect(complaints("exporters:\n\(items)") == [complaint])
  }

  @Test func anEmptyListExportsNothing() throws {
    #expect(try exporters("exporters: []").isEmpty)
  }

  // MARK: OpenTelemetry's variables

  @Test(arguments: [
    (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4318"], "http://b:4318/v1/traces"),
    (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4318/otlp/"], "http://b:4318/otlp/v1/traces"),
    (["OTEL_EXPORTER_OTLP_ENDPOINT": "https://b/v1/traces"], "https://b/v1/traces"),
    (["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b/x"], "http://b/x"),
    (["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b:1"], "http://b:1/"),
    (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://b/x"], "http://b/x"),
    (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"], "http://b:4317"),
    (["OTEL_EXPORTER_OTLP_ENDPOINT": "b:4317", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc"], "https://b:4317"),
    (
      [
        "OTEL_EXPORTER_OTLP_ENDPOINT": "b:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_EXPORTER_OTLP_INSECURE": "true",
      ], "http://b:4317"
    ),
  ])
  func theEndpointIsMadeAsOpenTelemetrySaysIt(_ environment: [String: String], _ endpoint: String) throws {
    let exporters = try exporters(nil, environment)
    #expect(exporters.map(\.endpoint) == [endpoint])
    #expect(exporters.map(\.name) == ["otlp"])
    #expect(exporters[0].kind == (environment.values.contains("grpc") ? .otlpGRPC : .otlpHTTP))
  }

  @Test func theVariablesOfTracesGoBeforeThoseOfAllSignals() throws {
    let environment = [
      "OTEL_EXPORTER_OTLP_ENDPOINT": "https://b", "OTEL_EXPORTER_OTLP_HEADERS": "a=general,b=c",
      "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "authorization=Basic%20aGk6aG8%3D, X-Tenant = 7",
      "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION": "none",
      "OTEL_EXPORTER_OTLP_TIMEOUT": "2500", "OTEL_EXPORTER_OTLP_CERTIFICATE": "ca.pem",
      "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY": "k.pem", "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": "c.pem",
    ]
    let otlp = try #require(try exporters(nil, environment).first)
    #expect(otlp.headers == ["authorization": "Basic aGk6aG8=", "x-tenant": "7"])
    #expect(otlp.compression == .none)
    #expect(otlp.timeout == .milliseconds(2500))
    #expect(otlp.tls.certificate == "ca.pem" && otlp.tls.clientKey == "k.pem" && otlp.tls.clientCertificate == "c.pem")
  }

  @Test func theProtocolSaysTheEncodingToo() throws {
    let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"]
    let json = try #require(try exporters(nil, environment).first)
    #expect(json.kind == .otlpHTTP && json.encoding == .json)
    let flagged = try #require(try exporters(nil, environment, [("--export-protocol", "http/protobuf")]).first)
    #expect(flagged.encoding == .protobuf)
  }

  @Test func theyGoBeforeTheFilesExporterOfThatName() throws {
    let yaml = """
      exporters:
        - { kind: otlp-grpc, endpoint: 'http://a:4317', headers: { a: '1', b: '2' }, timeout: 1s }
        - { kind: otlp-http, name: other, endpoint: 'http://o' }
      """
    let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4317", "OTEL_EXPORTER_OTLP_HEADERS": "b=3"]
    let exporters = try exporters(yaml, environment, [("--export-endpoint", "http://c:4317")])
    #expect(exporters.map(\.endpoint) == ["http://c:4317", "http://o/v1/traces"])
    #expect(exporters[0].kind == .otlpGRPC)
    #expect(exporters[0].headers == ["a": "1", "b": "3"])
    #expect(exporters[0].timeout == .seconds(1))
    #expect(exporters[1].headers.isEmpty)
  }

  @Test func anEndpointInAVariableAddsAnExporterToThoseOfTheFile() throws {
    let exporters = try exporters("exporters: [{ kind: console }]", ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b"])
    #expect(exporters.map(\.name) == ["console", "otlp"])
  }

  @Test(arguments: [
    ("otlp", ["otlp"]), ("console,otlp", ["console", "otlp"]), ("otlp, archive", ["otlp", "archive"]), ("none", []),
    ("console,console", ["console"]),
  ])
  func theVariableOfExportersPicksThem(_ text: String, _ names: [String]) throws {
    let yaml = "exporters: [{ kind: file, name: archive, path: x }]"
    let environment = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b", "OTEL_TRACES_EXPORTER": text]
    let resolved = try resolve(yaml, environment: environment)
    #expect(resolved.configuration.exporters.map(\.name) == names)
    #expect(resolved.notices.isEmpty == (names.count == 2 && names.contains("archive")))
    // A flag goes before it.
    #expect(try exporters(yaml, environment, [("--exporters", "archive")]).map(\.name) == ["archive"])
  }

  @Test func anExporterThatThereIsNotCannotBePicked() {
    let told = complaints(environment: ["OTEL_TRACES_EXPORTER": "oltp"])
    #expect(told == ["OTEL_TRACES_EXPORTER: there is no exporter oltp; did you mean otlp?"])
    #expect(complaints(environment: ["OTEL_TRACES_EXPORTER": "none,console"]).count == 1)
    let protocolTold = complaints(
      environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/xml"])
    #expect(protocolTold == ["OTEL_EXPORTER_OTLP_PROTOCOL: expects grpc, http/protobuf or http/json, not http/xml"])
  }

  @Test func aPortOfTheOtherTransportIsToldOf() throws {
    let notices = try resolve(environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://b:4317"]).notices
    #expect(notices.count == 1 && notices[0].contains("OTEL_EXPORTER_OTLP_PROTOCOL=grpc"))
  }

  @Test func variablesThatMakeNoExporterAreToldOf() throws {
    let resolved = try resolve(
      environment: ["OTEL_EXPORTER_OTLP_HEADERS": "a=b"], flags: [("--export-protocol", "grpc")])
    #expect(resolved.configuration.exporters.map(\.name) == ["console"])
    #expect(resolved.notices.count == 1)
    #expect(resolved.notices[0].hasPrefix("OTEL_EXPORTER_OTLP_HEADERS, --export-protocol are not used"))
  }

  @Test(arguments: ["none", "a,b", "", "a b"])
  func aNameCanStandInAList(_ name: String) {
    let told = complaints("exporters: [{ kind: console, name: '\(name)' }]")
    #expect(told.count == 1 && told[0].contains("expects a name of letters"))
  }

  @Test func namesThatVariablesSpeakOfBelongToTheirKinds() {
    #expect(complaints("exporters: [{ kind: console, name: otlp }]").count == 1)
    #expect(complaints("exporters: [{ kind: file, path: x, name: console }]").count == 1)
    #expect(complaints("exporters: [{ kind: otlp-grpc, endpoint: 'http://b', name: otlp }]").isEmpty)
  }

  // MARK: Sentry

  @Test(arguments: [
    ("https://abc123@o1.ingest.example.com/42", "https://o1.ingest.example.com/api/42/integration/otlp/v1/traces"),
    (
      "https://abc123:secret@s.example.com:9000/sub/42",
      "https://s.example.com:9000/sub/api/42/integration/otlp/v1/traces"
    ),
    ("http://abc123@[::1]:9000/1/", "http://[::1]:9000/api/1/integration/otlp/v1/traces"),
  ])
  func aDSNBecomesSentrysEndpoint(_ dsn: String, _ endpoint: String) throws {
    let exporters = try exporters(nil, ["SENTRY_DSN": dsn])
    #expect(exporters.map(\.kind) == [.sentry])
    #expect(exporters[0].isRequired)
    let target = try #require(exporters[0].target)
    #expect(target.address == endpoint)
  }

  @Test(arguments: [
    "https://abc@h", "https://abc@h/x", "https://@h/1", "abc@h/1", "https://a b@h/1", "ftp://a@h/1", "https://h/1", "@",
    "://@",
  ])
  func whatIsNoDSNIsRefusedAndNotShown(_ dsn: String) {
    let told = complaints(environment: ["SENTRY_DSN": dsn])
    #expect(
      told.count == 1 && told[0].hasPrefix("SENTRY_DSN: ")
        && told[0].hasSuffix("expected https://PUBLICKEY@HOST/PROJECT"))
    #expect(!told.joined().contains("abc"))
  }
}
