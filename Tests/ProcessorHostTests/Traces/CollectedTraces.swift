internal import ProcessorHost
internal import Synchronization

/// What left of decided traces, by the set that decided.
final class CollectedTraces: TraceOutput {
  typealias Batch = (number: RuleSetNumber, spans: [PlainSpan])

  private let state = Mutex((batches: [Batch](), hasRoom: true))

  var hasRoom: Bool {
    get { state.withLock { $0.hasRoom } }
    set { state.withLock { $0.hasRoom = newValue } }
  }
  var batches: [Batch] { state.withLock { $0.batches } }
  var spans: [PlainSpan] { batches.flatMap(\.spans) }

  func add(_ batch: consuming SpanBatch, ruleSet: RuleSetNumber) {
    let spans = PlainSpan.all(in: batch)
    state.withLock { $0.batches.append((ruleSet, spans)) }
  }

  func flush() {}
}
