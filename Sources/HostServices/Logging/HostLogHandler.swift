package import Logging
package import ProcessorHost

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The backend of swift-log: lines on standard error, as text or as JSON.
package struct HostLogHandler: LogHandler {
  package var logLevel: Logger.Level {
    get { ownLevel ?? level.current }
    set { ownLevel = newValue }
  }
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  private let level: LogLevel
  /// The level that somebody gave to this one logger.
  private var ownLevel: Logger.Level?
  private let label: String
  private let format: LoggingSettings.Format
  private let text: TextLogFormat
  private let output: any LogOutput
  private let clock: @Sendable () -> Timestamp

  package init(
    label: String, settings: LoggingSettings, level: LogLevel? = nil, isColoured: Bool = false, output: any LogOutput,
    clock: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.label = label
    self.output = output
    self.clock = clock
    format = settings.format
    text = TextLogFormat(isColoured: isColoured)
    self.level = level ?? LogLevel(Logger.Level(settings.level))
  }

  /// Makes it the handler of all loggers. To be called once, before the first of them is made.
  /// - Parameter level: the level of all loggers, which may change.
  package static func bootstrap(_ settings: LoggingSettings, _ level: LogLevel) {
    let output = StandardErrorOutput()
    let isPlain = ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty == false
    let isColoured = StandardErrorOutput.isTerminal && !isPlain
    LoggingSystem.bootstrap { label in
      HostLogHandler(label: label, settings: settings, level: level, isColoured: isColoured, output: output)
    }
  }

  package subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
    if let given = event.metadata { all.merge(given) { _, new in new } }
    if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }
    let record = LogRecord(
      time: clock(), level: event.level, label: label, message: "\(event.message)", metadata: all)
    switch format {
    case .text: output.write(line: text.line(record))
    case .json: output.write(line: JSONLogFormat().line(record))
    }
  }
}

extension Logger.Level {
  /// The level of a setting.
  package init(_ level: LoggingSettings.Level) {
    self =
      switch level {
      case .trace: .trace
      case .debug: .debug
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error: .error
      case .critical: .critical
      }
  }
}
