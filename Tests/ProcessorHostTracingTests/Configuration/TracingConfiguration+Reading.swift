internal import OTLPExporters
internal import ProcessorHostTracing
internal import Testing

typealias TracingConfiguration = TracingBackend.Configuration

extension TracingConfiguration {
  /// The defaults with what an environment says, and the warnings.
  static func reading(
    _ environment: [String: String], over configuration: TracingConfiguration = TracingConfiguration()
  ) throws -> (TracingConfiguration, warnings: [String]) {
    var configuration = configuration
    let warnings = try configuration.apply(environment: environment)
    return (configuration, warnings)
  }

  /// The same where nothing is to be warned of.
  static func quietly(
    _ environment: [String: String], over configuration: TracingConfiguration = TracingConfiguration()
  ) throws -> TracingConfiguration {
    let (read, warnings) = try reading(environment, over: configuration)
    #expect(warnings == [])
    return read
  }

  /// Where spans go over OTLP; nil where they go elsewhere.
  var otlp: OTLPExporterConfiguration? {
    if case .otlp(let configuration) = exporter { configuration } else { nil }
  }

  var isAutomatic: Bool { if case .automatic = exporter { true } else { false } }
  var isConsole: Bool { if case .console = exporter { true } else { false } }
  var isWithoutExporter: Bool { if case .none = exporter { true } else { false } }

  /// The rules directory and how often it is looked at; nil for other rules.
  var directory: (path: String, watchInterval: Duration)? {
    if case .directory(let path, let interval) = rules { (path, interval) } else { nil }
  }
}
