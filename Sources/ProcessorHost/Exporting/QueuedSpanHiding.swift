internal import Synchronization

/// Hides in spans that wait what rules hide that have come into force since.
public protocol QueuedSpanHiding: Sendable {
  /// The set that runs now.
  var ruleSetNumber: RuleSetNumber { get }

  /// The batch with everything hidden that the set that runs now hides, and a `hiddenUnder` of that set or a newer one;
  /// nil where it cannot be hidden, and so must not leave.
  func hideAgain(_ batch: ExportBatch) async -> ExportBatch?
}

/// A batch that waits, shared by all exporters: where it is hidden again, it is for all of them, and what it was before
/// is let go of.
final class QueuedBatch: Sendable {
  private struct State {
    var batch: ExportBatch
    var isUnhideable = false
    /// The hiding that is under way.
    var work: Task<Void, Never>?
  }

  let spanCount: Int
  private let state: Mutex<State>

  init(_ batch: ExportBatch) {
    spanCount = batch.spanCount
    state = Mutex(State(batch: batch))
  }

  /// The batch as it is now.
  var batch: ExportBatch { state.withLock { $0.batch } }

  /// The batch as it may leave: hidden under the set that runs now. Nil where it must not leave.
  func hidden(by hiding: (any QueuedSpanHiding)?) async -> ExportBatch? {
    guard let hiding else { return batch }
    while true {
      let number = hiding.ruleSetNumber
      let (batch, work) = state.withLock { state -> (ExportBatch?, Task<Void, Never>?) in
        if state.isUnhideable { return (nil, nil) }
        if state.batch.hiddenUnder >= number { return (state.batch, nil) }
        let work = state.work ?? Task { [batch = state.batch] in self.settle(await hiding.hideAgain(batch)) }
        state.work = work
        return (nil, work)
      }
      guard let work else { return batch }
      await work.value
    }
  }

  private func settle(_ hidden: ExportBatch?) {
    state.withLock { state in
      state.work = nil
      state.isUnhideable = hidden == nil
      if let hidden { state.batch = hidden }
    }
  }
}
