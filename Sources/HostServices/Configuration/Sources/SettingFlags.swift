internal import ArgumentParser

/// The flags of settings, but those of rules, which other commands have too.
package struct SettingFlags: ParsableArguments {
  @Option(name: .customLong("otlp-grpc"), help: Self.help("receivers.grpc.endpoint", "host:port"))
  var grpc: String?

  @Option(name: .customLong("otlp-http"), help: Self.help("receivers.http.endpoint", "host:port"))
  var http: String?

  @Option(help: Self.help("admin.endpoint", "host:port"))
  var admin: String?

  @Option(help: ArgumentHelp("\(ExporterChoice.meaning.filter { $0 != "`" })", valueName: "a,b"))
  var exporters: String?

  @Option(
    help: ArgumentHelp(
      "The URL of the OTLP backend; over HTTP /v1/traces is put behind it. Default: OTEL_EXPORTER_OTLP_ENDPOINT.",
      valueName: "url"))
  var exportEndpoint: String?

  @Option(
    help: ArgumentHelp(
      "How spans go to that backend: http/protobuf, http/json or grpc. Default: OTEL_EXPORTER_OTLP_PROTOCOL, or http/protobuf.",
      valueName: "protocol"))
  var exportProtocol: String?

  @Option(help: Self.help("lanes", "n"))
  var lanes: String?

  @Option(help: Self.help("queue.max_spans", "n"))
  var maxQueueSpans: String?

  @Option(help: Self.help("queue.max_batch_spans", "n"))
  var maxBatchSpans: String?

  @Option(help: Self.help("queue.schedule_delay", "time"))
  var scheduleDelay: String?

  @Option(help: Self.help("rules.watch_interval", "time"))
  var watchInterval: String?

  @Option(help: Self.help("logging.level", "level"))
  var logLevel: String?

  @Option(help: Self.help("logging.format", "format"))
  var logFormat: String?

  @Option(help: Self.help("shutdown.drain_timeout", "time"))
  var drainTimeout: String?

  package init() {}

  /// What was given.
  package var values: [FlagValue] {
    let all: [(String, String?)] = [
      ("--otlp-grpc", grpc), ("--otlp-http", http), ("--admin", admin), (ExporterChoice.flag, exporters),
      ("--export-endpoint", exportEndpoint), ("--export-protocol", exportProtocol), ("--lanes", lanes),
      ("--max-queue-spans", maxQueueSpans), ("--max-batch-spans", maxBatchSpans), ("--schedule-delay", scheduleDelay),
      ("--watch-interval", watchInterval), ("--log-level", logLevel), ("--log-format", logFormat),
      ("--drain-timeout", drainTimeout),
    ]
    return all.compactMap { name, text in text.map { FlagValue(name, $0) } }
  }

  /// What a setting means and takes, as its table has it.
  private static func help(_ path: String, _ valueName: String) -> ArgumentHelp {
    guard let setting = HostSettings.all.first(where: { $0.path == path }) else { return "" }
    let meaning = setting.meaning.filter { $0 != "`" }
    return ArgumentHelp(
      "\(meaning) Default: \(setting.defaultText(HostConfiguration()).filter { $0 != "`" }).", valueName: valueName)
  }
}
