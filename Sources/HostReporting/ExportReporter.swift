package import Logging
internal import Metrics
package import ProcessorHost

/// Tells the log and the metrics how exports go.
package struct ExportReporter: ExportObserver {
  private let logger: Logger
  private let throttle = LogThrottle()

  package init(_ logger: Logger) { self.logger = logger }

  package func attempted(exporter: String, spans: Int, bytes: Int, duration: Duration, outcome: ExportOutcome) {
    let (name, message) = outcome.summary
    Timer(
      label: HostMetrics.prefix + "export_duration",
      dimensions: [("exporter", exporter), ("outcome", name)]
    ).recordNanoseconds(Int64(duration / .nanoseconds(1)))
    switch outcome {
    case .exported: logger.trace("exported", metadata: metadata(exporter, spans))
    case .retry, .uncertain: warn("an export failed and will be tried again", exporter, spans, name, message)
    case .tooLarge: warn("a request was too large and is sent in parts", exporter, spans, name, message)
    case .invalid: warn("a request was refused; its parts are tried", exporter, spans, name, message)
    case .partial(let rejected, _):
      warn(
        rejected == 0 ? "the backend has a warning" : "the backend took a part", exporter, rejected, name, message)
    case .refused: break
    }
  }

  package func lost(exporter: String, spans: Int, reason: ExportAccount.Loss, message: String) {
    error("spans were lost", exporter, spans, reason.rawValue, message)
  }

  package func refused(exporter: String, spans: Int, message: String) {
    error("spans were refused for good", exporter, spans, "refused", message)
  }

  // MARK: The log

  private func warn(_ text: Logger.Message, _ exporter: String, _ spans: Int, _ kind: String, _ message: String) {
    write(.warning, text, exporter, spans, kind, message)
  }

  private func error(_ text: Logger.Message, _ exporter: String, _ spans: Int, _ kind: String, _ message: String) {
    write(.error, text, exporter, spans, kind, message)
  }

  private func write(
    _ level: Logger.Level, _ text: Logger.Message, _ exporter: String, _ spans: Int, _ kind: String, _ message: String
  ) {
    guard let heldBack = throttle.pass("\(exporter) \(kind)") else { return }
    var metadata = metadata(exporter, spans)
    metadata["reason"] = "\(kind)"
    if !message.isEmpty { metadata["message"] = "\(message)" }
    if heldBack > 0 { metadata["more_like_this"] = "\(heldBack)" }
    logger.log(level: level, text, metadata: metadata)
  }

  private func metadata(_ exporter: String, _ spans: Int) -> Logger.Metadata {
    ["exporter": "\(exporter)", "spans": "\(spans)"]
  }
}

extension ExportOutcome {
  /// The outcome's name as metrics have it, and what the backend said.
  fileprivate var summary: (name: String, message: String) {
    switch self {
    case .exported: ("exported", "")
    case .partial(_, let message): ("partial", message)
    case .retry(let reason, _): ("retry", reason)
    case .uncertain(let reason): ("uncertain", reason)
    case .tooLarge(let reason): ("too_large", reason)
    case .invalid(let reason): ("invalid", reason)
    case .refused(let reason): ("refused", reason)
    }
  }
}
