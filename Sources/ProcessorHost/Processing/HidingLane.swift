internal import Synchronization

/// Hides again what waits to leave, on a lane of its own: no span that comes in waits for it.
///
/// `@unchecked Sendable`: `pipeline` and `number` are touched only by work that runs on the lane, one piece after the
/// other.
final class HidingLane: @unchecked Sendable {
  private let lane: Lane
  private let door = Door()
  private var number = RuleSetNumber()
  private var pipeline: SpanPipeline?
  private let count = Atomic<Int>(0)

  init() throws(LaneError) { lane = try Lane() }

  /// How many spans have been hidden again.
  var spanCount: Int { count.load(ordering: .relaxed) }

  /// The batch with everything hidden that a set hides whatever its rules say of a span; nil where it cannot be read.
  func hide(
    _ batch: ExportBatch, under set: RuleSet, _ number: RuleSetNumber, _ stamping: RuleStamping
  ) async -> ExportBatch? {
    await lane.run {
      if self.number != number {
        self.pipeline = set.makeHidingPipeline(stamping)
        self.number = number
      }
      return self.pipeline.flatMap { self.hide(batch, $0) }
    }
  }

  private func hide(_ batch: ExportBatch, _ pipeline: SpanPipeline) -> ExportBatch? {
    let admitted = door.admit(batch.request).takeBatch()
    guard admitted.count == batch.spanCount else { return nil }
    let hidden = pipeline.process(admitted)
    guard hidden.count == batch.spanCount else { return nil }
    count.wrappingAdd(batch.spanCount, ordering: .relaxed)
    return ExportBatch(
      request: hidden.encoded(), spanCount: batch.spanCount, ruleSet: batch.ruleSet, hiddenUnder: number)
  }
}

extension SpanProcessorHost: QueuedSpanHiding {
  /// Hides again what was processed under a set before the one that runs: by what that one hides in every span. Its rules
  /// do not run, so that conditional steps, edits and sampling are those of before. Runs on a thread of its own.
  public func hideAgain(_ batch: ExportBatch) async -> ExportBatch? {
    let (set, number) = currentSet
    guard let lane = try? hidingLane() else { return nil }
    return await lane.hide(batch, under: set, number, runningConfiguration.configuration.stamp == .off ? .off : .keep)
  }

  /// How many spans have been hidden again so far.
  package var spansHiddenAgain: Int { hidingAgain.withLock { $0?.spanCount ?? 0 } }

  /// The lane for that, made when it is first needed.
  func hidingLane() throws(LaneError) -> HidingLane {
    try hidingAgain.withLock { known throws(LaneError) in
      if let known { return known }
      let lane = try HidingLane()
      known = lane
      return lane
    }
  }
}
