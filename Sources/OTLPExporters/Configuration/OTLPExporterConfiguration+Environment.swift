internal import ProcessorHost

extension OTLPExporterConfiguration {
  /// Reads the standard variables: OTEL_EXPORTER_OTLP_TRACES_… before OTEL_EXPORTER_OTLP_…; an empty one is unset.
  ///
  /// A number, a name or a boolean that cannot be used is as if it were not set, with a warning. OpenTelemetry
  /// specification: OpenTelemetry Protocol Exporter, Configuration Options; Environment Variable Specification.
  /// A variable for traces replaces the general one whole, headers too.
  /// - Parameters:
  ///   - environment: all variables by name.
  ///   - base: what the variables replace parts of; headers and the endpoint whole.
  ///   - warnings: gets a sentence for each variable that was passed over.
  /// - Returns: nil where neither an endpoint nor a base is set.
  /// - Throws: an error that names the variable, for an endpoint or headers that cannot be used.
  public static func environment(
    _ environment: [String: String], over base: OTLPExporterConfiguration? = nil, warnings: inout [String]
  ) throws(ExporterConfigurationError) -> OTLPExporterConfiguration? {
    var variables = ExporterVariables(environment)
    defer { warnings += variables.warnings }
    let address = variables["ENDPOINT"]
    if address == nil, base == nil { return nil }
    var configuration = base ?? .standard()
    let transport = variables.choice("PROTOCOL") ?? configuration.transportProtocol
    if transport != configuration.transportProtocol {
      // A standard endpoint follows the protocol: gRPC has a port of its own, and no path.
      let isStandard = configuration.endpoint == .standard(for: configuration.transportProtocol)
      if isStandard { configuration.endpoint = .standard(for: transport) }
      configuration.transportProtocol = transport
    }
    if let address { configuration.endpoint = try endpoint(address, transport, &variables) }
    if let headers = variables["HEADERS"] {
      configuration.headers = try OTLPHeaders(parsing: headers.value, setting: headers.name)
    }
    configuration.compression = variables.choice("COMPRESSION") ?? configuration.compression
    configuration.timeout = variables.timeout("TIMEOUT") ?? configuration.timeout
    configuration.tls.certificateAuthorityFile =
      variables["CERTIFICATE"]?.value ?? configuration.tls.certificateAuthorityFile
    configuration.tls.clientCertificateFile =
      variables["CLIENT_CERTIFICATE"]?.value ?? configuration.tls.clientCertificateFile
    configuration.tls.clientKeyFile = variables["CLIENT_KEY"]?.value ?? configuration.tls.clientKeyFile
    return configuration
  }

  /// The specification's defaults: to this machine.
  package static func standard(_ transport: TransportProtocol = .httpProtobuf) -> OTLPExporterConfiguration {
    OTLPExporterConfiguration(endpoint: .standard(for: transport), transportProtocol: transport)
  }

  private static func endpoint(
    _ address: ExporterVariables.Variable, _ transport: TransportProtocol, _ variables: inout ExporterVariables
  ) throws(ExporterConfigurationError) -> OTLPEndpoint {
    if transport == .grpc {
      let isInsecure = variables.flag("INSECURE") ?? false
      return try OTLPEndpoint(address.value, schemeless: !isInsecure, setting: address.name)
    }
    let endpoint = try OTLPEndpoint(address.value, setting: address.name)
    if !address.isForTraces { return endpoint.appendingTracesPath() }
    if endpoint.path.isEmpty || endpoint.path == "/" {
      variables.warn("\(address.name): it is used as it is, without a path; most backends want /v1/traces")
    }
    return endpoint
  }
}

extension OTLPEndpoint {
  /// Where a collector on this machine listens. OpenTelemetry specification: OpenTelemetry Protocol Exporter.
  package static func standard(for transport: OTLPExporterConfiguration.TransportProtocol) -> OTLPEndpoint {
    switch transport {
    case .grpc: OTLPEndpoint(isSecure: false, host: "localhost", port: 4317)
    case .httpProtobuf, .httpJSON:
      OTLPEndpoint(isSecure: false, host: "localhost", port: 4318, path: tracesPath)
    }
  }
}
