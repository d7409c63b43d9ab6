import Logging
import OTLPReceivers
import Synchronization

/// Keeps what a receiver tells metrics and the log.
final class Recorder: ReceiverObserver {
  private let state = Mutex((requests: [ReceivedRequest](), lines: [String]()))

  var requests: [ReceivedRequest] { state.withLock { $0.requests } }
  var outcomes: [ReceivedRequest.Outcome] { requests.map(\.outcome) }
  /// What was logged, metadata and all.
  var lines: [String] { state.withLock { $0.lines } }

  var logger: Logger { Logger(label: "test") { _ in LineHandler(recorder: self) } }

  func received(_ request: ReceivedRequest) { state.withLock { $0.requests.append(request) } }

  fileprivate func log(_ line: String) { state.withLock { $0.lines.append(line) } }
}

private struct LineHandler: LogHandler {
  let recorder: Recorder
  var logLevel = Logger.Level.trace
  var metadata = Logger.Metadata()

  init(recorder: Recorder) { self.recorder = recorder }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    recorder.log("\(event.level) \(event.message) \(event.metadata ?? [:])")
  }
}
