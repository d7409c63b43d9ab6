internal import ProcessorHost
internal import Synchronization

/// Answers as a test tells it to, and keeps what it was asked.
final class ScriptedExporter: SpanExporter {
  struct Attempt: Sendable {
    var names: [String]
    var time: Duration
  }

  typealias Script = @Sendable (_ names: [String], _ number: Int) async -> ExportOutcome

  let name: String
  private let clock: ManualClock
  private let script: Script
  private let state = Mutex((attempts: [Attempt](), requests: [[UInt8]](), exported: [String](), wasShutDown: false))

  /// - Parameter script: the outcome for spans with these names; attempts are counted from 0.
  init(_ name: String = "scripted", clock: ManualClock = ManualClock(), _ script: @escaping Script) {
    self.name = name
    self.clock = clock
    self.script = script
  }

  var attempts: [Attempt] { state.withLock { $0.attempts } }
  var requests: [[UInt8]] { state.withLock { $0.requests } }
  /// The names of the spans that it has answered for with `exported`.
  var exported: [String] { state.withLock { $0.exported } }
  var wasShutDown: Bool { state.withLock { $0.wasShutDown } }

  func export(_ batch: ExportBatch) async -> ExportOutcome {
    let names = [PlainSpan](request: batch.request).map(\.name)
    let number = state.withLock { state in
      state.attempts.append(Attempt(names: names, time: clock.elapsed))
      state.requests.append(batch.request)
      return state.attempts.count - 1
    }
    let outcome = await script(names, number)
    if outcome == .exported { state.withLock { $0.exported += names } }
    return outcome
  }

  func shutdown() async { state.withLock { $0.wasShutDown = true } }
}

/// Keeps what was lost and refused.
final class RecordingObserver: ExportObserver {
  private let state = Mutex((lost: [ExportAccount.Loss: Int](), refused: [String: Int](), outcomes: [ExportOutcome]()))

  var lost: [ExportAccount.Loss: Int] { state.withLock { $0.lost } }
  var refused: [String: Int] { state.withLock { $0.refused } }
  var outcomes: [ExportOutcome] { state.withLock { $0.outcomes } }

  func attempted(exporter: String, spans: Int, bytes: Int, duration: Duration, outcome: ExportOutcome) {
    state.withLock { $0.outcomes.append(outcome) }
  }

  func lost(exporter: String, spans: Int, reason: ExportAccount.Loss, message: String) {
    state.withLock { $0.lost[reason, default: 0] += spans }
  }

  func refused(exporter: String, spans: Int, message: String) {
    state.withLock { $0.refused[message, default: 0] += spans }
  }
}

/// Spans with names to know them by.
enum NamedSpans {
  /// `s0`, `s1` and so on.
  static func names(_ range: Range<Int>) -> [String] { range.map { "s\($0)" } }

  /// A request with spans of these numbers, in one resource and scope.
  static func request(_ range: Range<Int>) -> [UInt8] {
    SpanBytes.resource(
      SpanBytes.attribute(1, "service.name", Proto.string(1, "shop")), spans: names(range).map { SpanBytes.span($0) })
  }

  static func batch(_ range: Range<Int>) -> ExportBatch {
    ExportBatch(request: request(range), spanCount: range.count)
  }
}
