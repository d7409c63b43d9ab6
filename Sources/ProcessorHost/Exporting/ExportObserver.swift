/// Told what happens on the way to a backend; logs and metrics listen. Called from several tasks at a time, and should
/// be quick.
public protocol ExportObserver: Sendable {
  /// An attempt was made.
  /// - Parameters:
  ///   - exporter: the exporter's name.
  ///   - spans: how many spans the request held, in `bytes` bytes.
  ///   - duration: how long the exporter took to answer.
  func attempted(exporter: String, spans: Int, bytes: Int, duration: Duration, outcome: ExportOutcome)

  /// Spans were lost that the backend could have taken.
  func lost(exporter: String, spans: Int, reason: ExportAccount.Loss, message: String)

  /// Spans were refused for good.
  func refused(exporter: String, spans: Int, message: String)
}

/// Listens to nothing.
public struct SilentExportObserver: ExportObserver {
  /// An observer that does nothing.
  public init() {}

  /// Does nothing.
  public func attempted(exporter: String, spans: Int, bytes: Int, duration: Duration, outcome: ExportOutcome) {}

  /// Does nothing.
  public func lost(exporter: String, spans: Int, reason: ExportAccount.Loss, message: String) {}

  /// Does nothing.
  public func refused(exporter: String, spans: Int, message: String) {}
}
