internal import OTLPExporters
internal import ProcessorHost

/// The variables of OpenTelemetry, and the flags, that speak of the exporter `otlp`.
///
/// OpenTelemetry specification: OpenTelemetry Protocol Exporter, Configuration Options.
struct OTLPVariables {
  private let environment: [String: String]
  private let flags: [FlagValue]
  private(set) var notices: [String] = []

  init(environment: [String: String], flags: [FlagValue]) {
    self.environment = environment
    self.flags = flags
  }

  /// - Parameter isNew: whether the file says nothing of the exporter.
  mutating func apply(to reader: inout SettingReader<ExporterSettings>, isNew: Bool) {
    readProtocol(&reader)
    let special = [ExporterSettingsTable.kind.path, ExporterSettingsTable.endpoint.path]
    for setting in ExporterSettingsTable.all where !special.contains(setting.path) {
      // The DSN is another exporter's.
      if setting.applies(to: .otlpHTTP) { reader.read(setting, environment) }
    }
    readEndpoint(&reader, isNew)
  }

  /// What was set last: the flag, or the last of the variables that has text.
  private func given(_ setting: ConfigurationSetting<ExporterSettings>) -> (text: String, origin: Origin)? {
    if let flag = flags.last(where: { $0.name == setting.flag }) { return (flag.text, .flag(flag.name)) }
    for variable in setting.standardVariables.reversed() {
      if let text = environment[variable.name], !text.isEmpty { return (text, .variable(variable.name)) }
    }
    return nil
  }

  private func readProtocol(_ reader: inout SettingReader<ExporterSettings>) {
    guard let (text, origin) = given(ExporterSettingsTable.kind) else { return }
    switch text {
    case "grpc": reader.root.kind = .otlpGRPC
    case "http/protobuf", "http/json":
      reader.root.kind = .otlpHTTP
      reader.root.encoding = text == "http/json" ? .json : .protobuf
      reader.origins["encoding"] = origin
    default:
      let found = String.printable(String(text.prefix(64)))
      reader.errors.append(
        ConfigurationError("expects grpc, http/protobuf or http/json, not \(found)", at: origin))
      return
    }
    reader.origins["kind"] = origin
  }

  private mutating func readEndpoint(_ reader: inout SettingReader<ExporterSettings>, _ isNew: Bool) {
    guard let (text, origin) = given(ExporterSettingsTable.endpoint) else {
      if isNew {
        // OpenTelemetry's default, which is this host itself unless it listens elsewhere.
        let isGRPC = reader.root.kind == .otlpGRPC
        reader.root.endpoint = isGRPC ? "http://localhost:4317" : "http://localhost:4318/v1/traces"
        reader.origins["endpoint"] = .derived("OpenTelemetry's default")
      }
      return
    }
    let isGRPC = reader.root.kind == .otlpGRPC
    do {
      var url = try OTLPEndpoint(text, schemeless: isGRPC ? !isInsecure : nil)
      let isForTraces = origin == .variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
      if !isGRPC {
        // The one for traces is taken as it is.
        if !isForTraces { url = url.appendingTracesPath() }
        if isForTraces, url.path.isEmpty || url.path == "/" {
          url.path = "/"
          notices.append(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is a whole address and has no path; most backends want /v1/traces")
        }
        if url.port == 4317 {
          notices.append("\(origin) has gRPC's port 4317, but goes over HTTP; OTEL_EXPORTER_OTLP_PROTOCOL=grpc?")
        }
      } else if url.port == 4318 {
        notices.append("\(origin) has HTTP's port 4318, but goes over gRPC; OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf?")
      }
      reader.root.endpoint = url.address
      reader.origins["endpoint"] = origin
    } catch {
      reader.errors.append(ConfigurationError(error.message, at: origin))
    }
  }

  /// Whether an address for gRPC that stands alone, without a scheme, is one without TLS.
  private var isInsecure: Bool {
    let names = ["OTEL_EXPORTER_OTLP_TRACES_INSECURE", "OTEL_EXPORTER_OTLP_INSECURE"]
    return names.compactMap { environment[$0] }.first { !$0.isEmpty }?.lowercased() == "true"
  }
}
