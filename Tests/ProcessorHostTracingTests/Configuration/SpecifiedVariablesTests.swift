internal import OTLPExporters
internal import ProcessorHostTracing
internal import Testing

@Suite("The variables of the OpenTelemetry specification")
struct SpecifiedVariablesTests {
  /// Every variable of the specification that speaks of traces, but for OTEL_LOG_LEVEL, which is the app's logger's, and
  /// those of Zipkin.
  private static let specified: Set<String> = [
    "OTEL_SDK_DISABLED", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME", "OTEL_TRACES_EXPORTER",
    "OTEL_PROPAGATORS", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_SPAN_EVENT_COUNT_LIMIT", "OTEL_SPAN_LINK_COUNT_LIMIT",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_INSECURE", "OTEL_EXPORTER_OTLP_TRACES_INSECURE",
    "OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY", "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "OTEL_EXPORTER_OTLP_COMPRESSION", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
  ]

  /// A variable with a value, and how one sees that it counts.
  struct Effect: Sendable, CustomTestStringConvertible {
    let name: String
    let value: String
    /// What has to be set beside it.
    var others: [String: String] = [:]
    let isSeen: @Sendable ([String: String]) throws -> Bool

    var testDescription: String { name }

    init(
      _ name: String, _ value: String, with others: [String: String] = [:],
      _ isSeen: @escaping @Sendable (TracingConfiguration) -> Bool
    ) {
      self.name = name
      self.value = value
      self.others = others
      self.isSeen = { isSeen(try TracingConfiguration.reading($0).0) }
    }

    /// For what only gRPC looks at, which takes a trait of the package.
    init(overGRPC name: String, _ value: String, _ isSeen: @escaping @Sendable (OTLPExporterConfiguration) -> Bool) {
      self.name = name
      self.value = value
      others = ["OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"]
      self.isSeen = { environment in
        var warnings: [String] = []
        return try OTLPExporterConfiguration.environment(environment, warnings: &warnings).map(isSeen) ?? false
      }
    }
  }

  static let effects: [Effect] =
    [
      Effect("OTEL_SDK_DISABLED", "true") { !$0.isEnabled },
      Effect("OTEL_RESOURCE_ATTRIBUTES", "team=shop") { $0.resource["team"] == "shop" },
      Effect("OTEL_SERVICE_NAME", "shop") { $0.resource["service.name"] == "shop" },
      Effect("OTEL_PROPAGATORS", "baggage") { $0.propagator.fields == ["baggage"] },
      Effect("OTEL_TRACES_SAMPLER", "traceidratio") { !($0.sampler is ParentBasedSampler) },
      Effect("OTEL_TRACES_SAMPLER_ARG", "0", with: ["OTEL_TRACES_SAMPLER": "traceidratio"]) {
        $0.sampler.description.contains("{0")
      },
      Effect("OTEL_TRACES_EXPORTER", "none") { $0.isWithoutExporter },
      Effect("OTEL_BSP_SCHEDULE_DELAY", "250") { $0.queue.scheduleDelay == .milliseconds(250) },
      Effect("OTEL_BSP_EXPORT_TIMEOUT", "750") { $0.queue.exportTimeout == .milliseconds(750) },
      Effect("OTEL_BSP_MAX_QUEUE_SIZE", "4096") { $0.queue.maxQueueSize == 4096 },
      Effect("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "64") { $0.queue.maxExportBatchSize == 64 },
      Effect("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "12") { $0.limits.attributeValueLength == 12 },
      Effect("OTEL_ATTRIBUTE_COUNT_LIMIT", "12") { $0.limits.attributeCount == 12 },
      Effect("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "13") { $0.limits.attributeValueLength == 13 },
      Effect("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "13") { $0.limits.attributeCount == 13 },
      Effect("OTEL_SPAN_EVENT_COUNT_LIMIT", "13") { $0.limits.eventCount == 13 },
      Effect("OTEL_SPAN_LINK_COUNT_LIMIT", "13") { $0.limits.linkCount == 13 },
      Effect("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "13") { $0.limits.eventAttributeCount == 13 },
      Effect("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "13") { $0.limits.linkAttributeCount == 13 },
      Effect("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:1") { $0.otlp?.endpoint.path == "/v1/traces" },
      Effect("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://a:1/x") { $0.otlp?.endpoint.path == "/x" },
      Effect(overGRPC: "OTEL_EXPORTER_OTLP_INSECURE", "true") { !$0.endpoint.isSecure },
      Effect(overGRPC: "OTEL_EXPORTER_OTLP_TRACES_INSECURE", "true") { !$0.endpoint.isSecure },
    ] + ["", "TRACES_"].flatMap(exporterEffects)

  private static func exporterEffects(_ signal: String) -> [Effect] {
    let otlp = ["OTEL_TRACES_EXPORTER": "otlp"]
    let prefix = "OTEL_EXPORTER_OTLP_" + signal
    return [
      Effect(prefix + "CERTIFICATE", "ca.pem", with: otlp) { $0.otlp?.tls.certificateAuthorityFile == "ca.pem" },
      Effect(prefix + "CLIENT_KEY", "key.pem", with: otlp) { $0.otlp?.tls.clientKeyFile == "key.pem" },
      Effect(prefix + "CLIENT_CERTIFICATE", "me.pem", with: otlp) { $0.otlp?.tls.clientCertificateFile == "me.pem" },
      Effect(prefix + "HEADERS", "x-tenant=7", with: otlp) { $0.otlp?.headers.names == ["x-tenant"] },
      Effect(prefix + "COMPRESSION", "gzip", with: otlp) { $0.otlp?.compression == .gzip },
      Effect(prefix + "TIMEOUT", "1234", with: otlp) { $0.otlp?.timeout == .milliseconds(1234) },
      Effect(prefix + "PROTOCOL", "http/json", with: otlp) { $0.otlp?.transportProtocol == .httpJSON },
    ]
  }

  @Test("each is tried here")
  func completeness() {
    #expect(Set(Self.effects.map(\.name)) == Self.specified)
  }

  @Test("each has an effect", arguments: effects)
  func effect(effect: Effect) throws {
    #expect(try !effect.isSeen(effect.others), "there is nothing to see without it")
    #expect(try effect.isSeen(effect.others.merging([effect.name: effect.value]) { _, new in new }))
  }

  @Test("each that is empty, or spaces, is as if it were not set", arguments: effects)
  func empty(effect: Effect) throws {
    for value in ["", "  ", "\t"] {
      #expect(try !effect.isSeen(effect.others.merging([effect.name: value]) { _, new in new }))
    }
  }

  @Test("all of them can be set at once")
  func together() throws {
    let dropped: Set = [
      "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_INSECURE", "OTEL_EXPORTER_OTLP_TRACES_INSECURE",
    ]
    let effects = Self.effects.filter { !dropped.contains($0.name) }
    var environment = Dictionary(uniqueKeysWithValues: effects.map { ($0.name, $0.value) })
    environment["OTEL_TRACES_EXPORTER"] = "otlp"
    // One for traces goes before the general one, which then is not seen.
    let general: Set = [
      "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT",
    ]
    for effect in effects where !general.contains(effect.name) {
      #expect(try effect.isSeen(environment), "\(effect.name)")
    }
  }

  @Test("those of what is still being specified are told of, and not used")
  func unsupported() throws {
    for name in ["OTEL_CONFIG_FILE", "OTEL_EXPERIMENTAL_CONFIG_FILE", "OTEL_ENTITIES"] {
      let (_, warnings) = try TracingConfiguration.reading([name: "x.yaml"])
      #expect(warnings.count == 1 && warnings[0].contains(name))
    }
  }

  @Test("where the backend is switched off, nothing that is wrong beside it keeps the app from starting")
  func disabled() throws {
    let wrong = ["OTEL_EXPORTER_OTLP_ENDPOINT": "nowhere", "OTEL_BSP_MAX_QUEUE_SIZE": "many"]
    #expect(throws: TracingConfigurationError.self) { try TracingConfiguration.reading(wrong) }
    let disabled = wrong.merging(["OTEL_SDK_DISABLED": "TRUE"]) { _, new in new }
    #expect(try !TracingConfiguration.quietly(disabled).isEnabled)
  }

  @Test("an error leaves the configuration as it was")
  func atomicity() {
    var configuration = TracingConfiguration()
    let wrong = ["OTEL_SERVICE_NAME": "shop", "OTEL_EXPORTER_OTLP_ENDPOINT": "nowhere"]
    #expect(throws: TracingConfigurationError.self) { try configuration.apply(environment: wrong) }
    #expect(configuration.resource == TracingConfiguration().resource)
  }
}
