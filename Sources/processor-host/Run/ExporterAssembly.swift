internal import HostReporting
internal import HostServices
internal import Logging
internal import OTLPExporters
internal import OTLPGRPCExporters
internal import OTLPReceivers
internal import ProcessorHost

/// The exporters of a host, each with its queue.
struct ExporterAssembly {
  private(set) var queues: [ExportQueue] = []
  /// What is told of each when the host starts.
  private(set) var descriptions: [Logger.Metadata] = []
  /// Where logs and metrics are passed on to.
  private(set) var passthrough: [OTLPSignal: Passthrough] = [:]
  private(set) var passing: Passing?
  private var made: [any SpanExporter] = []

  /// - Parameters:
  ///   - marker: what every request of this host's carries, so that one that comes back is known.
  ///   - hiding: what hides spans again that waited while other rules came into force.
  /// - Throws: `ExitStatus.usage` after saying what is wrong.
  init(
    _ settings: HostConfiguration, marker: String, hiding: any QueuedSpanHiding, _ logger: Logger
  ) async throws {
    do {
      try makeQueues(settings, marker, hiding, logger)
      try makePassthrough(settings, marker, logger)
    } catch {
      // A client that is let go of must have been shut down.
      for exporter in made { await exporter.shutdown() }
      throw error
    }
  }

  private mutating func makeQueues(
    _ settings: HostConfiguration, _ marker: String, _ hiding: any QueuedSpanHiding, _ logger: Logger
  ) throws {
    let observer = ExportReporter(logger)
    for exporter in settings.exporters {
      do {
        let limits = ExportQueue.Limits(
          spans: settings.queue.maxSpans, bytes: settings.queue.maxBytes,
          concurrency: exporter.kind.isOTLP ? settings.queue.concurrentRequests : 1,
          exportTimeout: settings.queue.exportTimeout)
        let retry = RetryPolicy(
          initialInterval: exporter.retry.initialInterval, multiplier: exporter.retry.multiplier,
          maximumInterval: exporter.retry.maxInterval, maximumElapsed: exporter.retry.maxElapsed)
        let made = try make(exporter, marker, logger)
        self.made.append(made)
        queues.append(
          ExportQueue(
            made, isRequired: exporter.isRequired, limits: limits, retry: retry, observer: observer, hiding: hiding))
      } catch {
        throw Self.failed("exporter \(String.printable(exporter.name)): \(error)")
      }
    }
  }

  private mutating func make(
    _ settings: ExporterSettings, _ marker: String, _ logger: Logger
  ) throws -> any SpanExporter {
    var line: Logger.Metadata = ["exporter": "\(settings.name)", "kind": "\(settings.kind.rawValue)"]
    defer { descriptions.append(line) }
    switch settings.kind {
    case .console: return try ConsoleExporter(name: settings.name)
    case .file:
      let path = settings.path ?? ""
      line["path"] = "\(path)"
      let rotation = FileExporter.Rotation(
        maximumBytes: settings.rotation.maxBytes, keptFiles: settings.rotation.maxFiles)
      return try FileExporter(path, name: settings.name, rotation: rotation)
    case .otlpHTTP, .otlpGRPC, .sentry:
      let configuration = try OTLPExporterConfiguration(settings)
      line["endpoint"] = "\(configuration.endpoint)"
      for hint in configuration.hints { logger.warning("\(hint)", metadata: ["exporter": "\(settings.name)"]) }
      if configuration.transportProtocol == .grpc {
        return try OTLPGRPCExporter(configuration, name: settings.name, hostID: marker)
      }
      return try OTLPHTTPExporter(configuration, name: settings.name, hostID: marker)
    }
  }

  private mutating func makePassthrough(_ settings: HostConfiguration, _ marker: String, _ logger: Logger) throws {
    let signals: [OTLPSignal] =
      (settings.passthrough.logs ? [.logs] : []) + (settings.passthrough.metrics ? [.metrics] : [])
    if signals.isEmpty { return }
    let named = settings.passthrough.exporter
    let target = settings.exporters.first { named == nil ? $0.kind == .otlpHTTP : $0.name == named }
    do {
      guard let target else {
        throw ExporterConfigurationError(
          .endpoint, setting: "passthrough", "there is no exporter of kind otlp-http to pass logs and metrics on to")
      }
      let passing = try Passing(target, marker: marker)
      self.passing = passing
      for signal in signals { passthrough[signal] = { await passing.pass(on: $0) } }
    } catch {
      throw Self.failed("\(error)")
    }
  }

  private static func failed(_ message: String) -> ExitStatus {
    StandardError.write(Terminal(isTerminal: StandardError.isTerminal).paint("error: ", .red) + message)
    return .usage
  }
}

extension OTLPExporterConfiguration {
  /// The configuration of an exporter, as the host's settings have it.
  init(_ settings: ExporterSettings) throws(ExporterConfigurationError) {
    if settings.kind == .sentry {
      self = try SentryEndpoint.configuration(dsn: settings.dsn ?? "", setting: "dsn")
    } else {
      let isGRPC = settings.kind == .otlpGRPC
      let overHTTP: TransportProtocol = settings.encoding == .json ? .httpJSON : .httpProtobuf
      self.init(
        endpoint: try OTLPEndpoint(settings.endpoint ?? "", schemeless: isGRPC ? false : nil),
        transportProtocol: isGRPC ? .grpc : overHTTP)
    }
    for (name, value) in settings.headers.sorted(by: { $0.key < $1.key }) { try headers.set(name, value) }
    compression = settings.compression == .gzip ? .gzip : .none
    timeout = settings.timeout
    tls.certificateAuthorityFile = settings.tls.certificate
    tls.clientCertificateFile = settings.tls.clientCertificate
    tls.clientKeyFile = settings.tls.clientKey
  }
}
