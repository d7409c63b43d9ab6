internal import OTLPExporters
internal import ProcessorHost
internal import ProcessorHostTracing
internal import Testing

@Suite("The choice of the exporter")
struct ExporterChoiceTests {
  private static let endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT"

  private struct OwnExporter: SpanExporter {
    let name = "own"
    func export(_ batch: ExportBatch) async -> ExportOutcome { .exported }
  }

  @Test("an endpoint makes it OTLP, over HTTP with protobuf")
  func endpoint() throws {
    let otlp = try #require(try TracingConfiguration.quietly([Self.endpoint: "http://collector:4318"]).otlp)
    #expect(otlp.transportProtocol == .httpProtobuf && "\(otlp.endpoint)" == "http://collector:4318/v1/traces")
  }

  @Test("without an endpoint it stays automatic, and what speaks of OTLP alone is told of")
  func automatic() throws {
    #expect(try TracingConfiguration.quietly([:]).isAutomatic)
    let metrics = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://a:1", "OTEL_EXPORTER_OTLP_LOGS_HEADERS": "a=b"]
    #expect(try TracingConfiguration.quietly(metrics).isAutomatic)
    let (read, warnings) = try TracingConfiguration.reading(["OTEL_EXPORTER_OTLP_HEADERS": "a=s3cret"])
    #expect(read.isAutomatic && warnings.count == 1 && !warnings[0].contains("s3cret"))
    for part in ["OTEL_EXPORTER_OTLP_HEADERS", Self.endpoint] { #expect(warnings[0].contains(part)) }
  }

  @Test("chosen by name without an endpoint, OTLP goes to this machine")
  func standardEndpoint() throws {
    let http = try TracingConfiguration.quietly(["OTEL_TRACES_EXPORTER": "otlp"])
    #expect(http.otlp.map { "\($0.endpoint)" } == "http://localhost:4318/v1/traces")
  }

  @Test("the console, or none, can be chosen beside an endpoint")
  func others() throws {
    let environment = [Self.endpoint: "http://a:1"]
    let console = environment.merging(["OTEL_TRACES_EXPORTER": "console"]) { _, new in new }
    #expect(try TracingConfiguration.quietly(console).isConsole)
    let none = environment.merging(["OTEL_TRACES_EXPORTER": "none"]) { _, new in new }
    #expect(try TracingConfiguration.quietly(none).isWithoutExporter)
  }

  @Test("an exporter that there is none of is passed over", arguments: ["zipkin", "logging", "otlp,console", "Ωtlp"])
  func unknown(name: String) throws {
    let (read, warnings) = try TracingConfiguration.reading(["OTEL_TRACES_EXPORTER": name])
    #expect(read.isAutomatic && warnings.count == 1)
    for part in ["OTEL_TRACES_EXPORTER", "otlp, console or none", "'\(name)'"] { #expect(warnings[0].contains(part)) }
    let endpoint = ["OTEL_TRACES_EXPORTER": name, Self.endpoint: "http://a:1"]
    #expect(try TracingConfiguration.reading(endpoint).0.otlp != nil, "the endpoint still counts")
  }

  @Test("an app's own exporter stays, unless OTLP is chosen by name")
  func custom() throws {
    var own = TracingConfiguration()
    own.exporter = .custom(OwnExporter())
    let (read, warnings) = try TracingConfiguration.reading([Self.endpoint: "http://a:1"], over: own)
    guard case .custom = read.exporter else {
      Issue.record("another exporter took its place")
      return
    }
    #expect(warnings.count == 1 && warnings[0].contains(Self.endpoint) && warnings[0].contains("OTEL_TRACES_EXPORTER"))
    let chosen = [Self.endpoint: "http://a:1", "OTEL_TRACES_EXPORTER": "otlp"]
    #expect(try TracingConfiguration.quietly(chosen, over: own).otlp?.endpoint.host == "a")
  }

  @Test("variables replace the parts of an app's OTLP configuration that they speak of")
  func parts() throws {
    var own = TracingConfiguration()
    var otlp = OTLPExporterConfiguration(
      endpoint: OTLPEndpoint(isSecure: true, host: "own", port: 443, path: "/in"), compression: .gzip,
      timeout: .seconds(3))
    try otlp.headers.set("authorization", "s3cret")
    otlp.tls.serverName = "name"
    own.exporter = .otlp(otlp)
    #expect(try TracingConfiguration.quietly([:], over: own).otlp == otlp)
    let read = try TracingConfiguration.quietly(["OTEL_EXPORTER_OTLP_TIMEOUT": "9000"], over: own).otlp
    otlp.timeout = .seconds(9)
    #expect(read == otlp)
    let headers = ["OTEL_EXPORTER_OTLP_HEADERS": "x-tenant=1", "OTEL_TRACES_EXPORTER": "otlp"]
    #expect(try TracingConfiguration.quietly(headers, over: own).otlp?.headers.names == ["x-tenant"])
    let elsewhere = try TracingConfiguration.quietly([Self.endpoint: "https://b/c"], over: own).otlp
    #expect(elsewhere?.endpoint.path == "/c/v1/traces" && elsewhere?.compression == .gzip)
  }

  @Test("an address or headers that cannot be used are errors, and show no secret")
  func errors() throws {
    for (name, value) in [
      ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://u:s3cret@a"),
      ("OTEL_EXPORTER_OTLP_HEADERS", "s3cret"),
    ] {
      let environment = ["OTEL_TRACES_EXPORTER": "otlp", name: value]
      let error = #expect(throws: TracingConfigurationError.self) { try TracingConfiguration.reading(environment) }
      #expect(error?.setting == name && error?.description.hasPrefix(name + ": ") == true)
      #expect(error?.description.contains("s3cret") == false)
    }
  }

  @Test("what looks like an oversight gets a hint")
  func hints() throws {
    let (_, warnings) = try TracingConfiguration.reading([Self.endpoint: "http://a:4317"])
    #expect(warnings.count == 1 && warnings[0].contains("port 4317 is OTLP/gRPC's"))
  }

  #if !GRPC
    @Test("gRPC without the package's trait is an error that says what to write")
    func missingTrait() throws {
      for name in ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] {
        let environment = [Self.endpoint: "http://a:4317", name: "grpc"]
        let error = #expect(throws: TracingConfigurationError.self) { try TracingConfiguration.reading(environment) }
        #expect(error?.setting == name && error?.message.contains("traits: [\"GRPC\"]") == true)
      }
      // What is not used may be what it likes.
      let unused = [
        Self.endpoint: "http://a:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_TRACES_EXPORTER": "none",
      ]
      #expect(try TracingConfiguration.quietly(unused).isWithoutExporter)
    }
  #endif
}
