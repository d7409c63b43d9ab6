internal import ProcessorHost
internal import Synchronization

/// Holds every batch back until it is opened, and then takes it.
final class GatedExporter: SpanExporter {
  let name = "gated"
  private struct State {
    var isOpen: Bool
    var waiting: [CheckedContinuation<Void, Never>] = []
    var spans = 0
  }

  private let state: Mutex<State>

  init(isOpen: Bool = false) { state = Mutex(State(isOpen: isOpen)) }

  /// How many spans were taken.
  var spans: Int { state.withLock { $0.spans } }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func export(_ batch: ExportBatch) async -> ExportOutcome {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOpen = state.withLock { state in
          if !state.isOpen { state.waiting.append(continuation) }
          return state.isOpen
        }
        if isOpen { continuation.resume() }
      }
    } onCancel: {
      open()
    }
    if Task.isCancelled { return .retry("closed") }
    state.withLock { $0.spans += batch.spanCount }
    return .exported
  }
}
