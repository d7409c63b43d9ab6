/// Sends finished spans somewhere. OpenTelemetry specification: SDK, Span exporter.
///
/// Each exporter has a queue of its own that calls it, so an implementation makes one attempt and says how it went;
/// waiting, trying again and cutting a batch into parts are the queue's.
public protocol SpanExporter: Sendable {
  /// The name under which logs, metrics and the account know it: `otlp`, `console`.
  var name: String { get }

  /// Makes one attempt to send a batch.
  ///
  /// Several calls can run at a time. A call that is cancelled gives up soon and answers `uncertain`, or `retry` where
  /// nothing was sent.
  func export(_ batch: ExportBatch) async -> ExportOutcome

  /// Lets go of connections and files. Called once, when no export runs any more.
  func shutdown() async
}

extension SpanExporter {
  /// Nothing to let go of.
  public func shutdown() async {}
}

/// How an attempt to send a batch went. Messages hold what the backend said, and nothing of a span.
public enum ExportOutcome: Sendable, Equatable {
  /// The backend has all spans.
  case exported
  /// The backend has taken the batch but for `rejected` spans, which are not to be sent again. With none, the message
  /// is a warning.
  case partial(rejected: Int, message: String)
  /// Nothing was taken, and a later attempt may do: the backend is not there or is busy.
  /// - Parameter after: how long the backend asks to wait.
  case retry(String, after: Duration? = nil)
  /// The batch was sent, and no answer came: it may have been taken. It is sent again; backends know a span by its ids.
  case uncertain(String)
  /// The request is too large for the backend: its parts may not be.
  case tooLarge(String)
  /// Something in the batch is refused for good. Its parts are tried, so that one bad span does not cost the others.
  case invalid(String)
  /// The backend will not take anything that is sent like this: credentials, path, method.
  case refused(String)
}
