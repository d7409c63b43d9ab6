public import OTLPExporters
public import ProcessorHost

extension TracingBackend.Configuration {
  /// Where spans go behind the rules.
  public enum Exporter: Sendable {
    /// To an OTLP backend where OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT names one, and to
    /// standard output where none does.
    case automatic
    /// To an OTLP backend. Each OTEL_EXPORTER_OTLP_… variable replaces the part that it speaks of.
    case otlp(OTLPExporterConfiguration)
    /// To standard output, for people.
    case console
    /// Nowhere: spans end behind the rules.
    case none
    /// To an exporter of the app's own.
    case custom(any SpanExporter)
  }

  /// Takes over what the environment says of exporters.
  mutating func applyExporter(_ reader: inout EnvironmentReader) throws(TracingConfigurationError) {
    let choice = reader.first([
      EnvironmentVariable(name: "OTEL_TRACES_EXPORTER", expected: "otlp, console or none") { text in
        ExporterName(rawValue: text.lowercased())
      }
    ])
    switch (choice, exporter) {
    case (.console, _): exporter = .console
    case (ExporterName.none?, _): exporter = .none
    case (.otlp, .otlp(let configuration)), (nil, .otlp(let configuration)):
      exporter = try otlp(over: configuration, &reader) ?? exporter
    case (.otlp, _): exporter = try otlp(over: .standard(), &reader) ?? exporter
    case (nil, .automatic):
      exporter = try otlp(over: nil, &reader) ?? exporter
      if case .automatic = exporter, let name = Self.anyOTLPVariable(reader) {
        reader.warn(
          "\(name) is set, but no endpoint is, so spans are written to standard output; "
            + "set OTEL_EXPORTER_OTLP_ENDPOINT, or OTEL_TRACES_EXPORTER=otlp for a backend on this machine")
      }
    case (nil, _):
      if let name = Self.anyOTLPVariable(reader) {
        reader.warn(
          "\(name) is set, but the app has chosen another exporter; OTEL_TRACES_EXPORTER=otlp would take its place")
      }
    }
    if case .otlp(let configuration) = exporter { reader.warn(configuration.hints) }
  }

  private enum ExporterName: String {
    case otlp, console, none
  }

  private func otlp(
    over base: OTLPExporterConfiguration?, _ reader: inout EnvironmentReader
  ) throws(TracingConfigurationError) -> Exporter? {
    var warnings: [String] = []
    let read: OTLPExporterConfiguration?
    do {
      read = try OTLPExporterConfiguration.environment(reader.environment, over: base, warnings: &warnings)
    } catch {
      throw TracingConfigurationError(setting: error.setting, error.message)
    }
    reader.warn(warnings)
    guard let read else { return nil }
    let names = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"]
    try Self.check(read, setting: names.first { reader.text($0) != nil } ?? "exporter")
    return .otlp(read)
  }

  private static func anyOTLPVariable(_ reader: EnvironmentReader) -> String? {
    reader.environment.keys.sorted().first { name in
      guard reader.text(name) != nil, name.hasPrefix("OTEL_EXPORTER_OTLP_") else { return false }
      return !name.hasPrefix("OTEL_EXPORTER_OTLP_METRICS_") && !name.hasPrefix("OTEL_EXPORTER_OTLP_LOGS_")
    }
  }

  /// - Throws: where the exporter needs what is not built in.
  func checkExporter() throws(TracingConfigurationError) {
    if case .otlp(let configuration) = exporter { try Self.check(configuration, setting: "exporter") }
  }

  private static func check(
    _ configuration: OTLPExporterConfiguration, setting: String
  ) throws(TracingConfigurationError) {
    #if !GRPC
      if configuration.transportProtocol == .grpc {
        throw TracingConfigurationError(
          setting: setting,
          "expected http/protobuf or http/json, found grpc, which this app is built without; write "
            + "traits: [\"GRPC\"] where its Package.swift depends on processor-host, or send over HTTP, mostly port 4318"
        )
      }
    #endif
  }
}
