internal import ProcessorHost

extension OTLPExporterConfiguration {
  /// Reads the standard variables: OTEL_EXPORTER_OTLP_TRACES_… before OTEL_EXPORTER_OTLP_…; an empty one is unset.
  ///
  /// OpenTelemetry specification: OpenTelemetry Protocol Exporter, Configuration Options. A variable for traces replaces
  /// the general one whole, headers too.
  /// - Returns: nil where no endpoint is set.
  /// - Throws: an error that names the variable.
  public static func environment(
    _ environment: [String: String]
  ) throws(ExporterConfigurationError) -> OTLPExporterConfiguration? {
    let variables = Variables(environment)
    guard let address = variables["ENDPOINT"] else { return nil }
    let transport: TransportProtocol = try variables.choice("PROTOCOL") ?? .httpProtobuf
    var schemeless: Bool?
    if transport == .grpc { schemeless = try !(variables.flag("INSECURE") ?? false) }
    var endpoint = try OTLPEndpoint(address.value, schemeless: schemeless, setting: address.name)
    if transport != .grpc, !address.isForTraces { endpoint = endpoint.appendingTracesPath() }
    var configuration = OTLPExporterConfiguration(endpoint: endpoint, transportProtocol: transport)
    if let headers = variables["HEADERS"] {
      configuration.headers = try OTLPHeaders(parsing: headers.value, setting: headers.name)
    }
    configuration.compression = try variables.choice("COMPRESSION") ?? .none
    if let timeout = variables["TIMEOUT"] {
      guard let milliseconds = Int(timeout.value), milliseconds > 0, milliseconds <= 86_400_000 else {
        throw timeout.wrong("a number of milliseconds from 1 to 86400000")
      }
      configuration.timeout = .milliseconds(milliseconds)
    }
    configuration.tls.certificateAuthorityFile = variables["CERTIFICATE"]?.value
    configuration.tls.clientCertificateFile = variables["CLIENT_CERTIFICATE"]?.value
    configuration.tls.clientKeyFile = variables["CLIENT_KEY"]?.value
    return configuration
  }

  /// The variables that are set, by what follows the prefix.
  private struct Variables {
    struct Variable {
      var name: String
      var value: String
      var isForTraces: Bool

      func wrong(_ expected: String) -> ExporterConfigurationError {
        let found = String.printable(String(value.prefix(40)))
        return ExporterConfigurationError(.value, setting: name, "expected \(expected), found '\(found)'")
      }
    }

    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    subscript(_ suffix: String) -> Variable? {
      for prefix in ["OTEL_EXPORTER_OTLP_TRACES_", "OTEL_EXPORTER_OTLP_"] {
        guard let value = environment[prefix + suffix]?.trimmingSpaces(), !value.isEmpty else { continue }
        return Variable(name: prefix + suffix, value: value, isForTraces: prefix.hasSuffix("TRACES_"))
      }
      return nil
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
      _ suffix: String
    ) throws(ExporterConfigurationError) -> Choice? {
      guard let variable = self[suffix] else { return nil }
      if let choice = Choice(rawValue: variable.value.lowercased()) { return choice }
      throw variable.wrong(Choice.allCases.map(\.rawValue).joined(separator: " or "))
    }

    func flag(_ suffix: String) throws(ExporterConfigurationError) -> Bool? {
      guard let variable = self[suffix] else { return nil }
      switch variable.value.lowercased() {
      case "true": return true
      case "false": return false
      default: throw variable.wrong("true or false")
      }
    }
  }
}
