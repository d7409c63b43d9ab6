internal import Synchronization

/// One of the threads that hold traces and decide them.
///
/// `@unchecked Sendable`: everything but `lane` and `held` is touched only by work that runs on the lane, one piece after the
/// other.
final class TraceShard: @unchecked Sendable {
  private let lane: Lane
  private let holder: any TraceHolder
  private var running: RunningTraces
  private let elapsed: @Sendable () -> Duration
  /// What the sets before this one have counted.
  private var retired = PipelineReport()
  private let held = Atomic<Int>(0)

  init(
    _ lane: Lane, _ holder: any TraceHolder, _ running: RunningTraces, elapsed: @escaping @Sendable () -> Duration
  ) {
    self.lane = lane
    self.holder = holder
    self.running = running
    self.elapsed = elapsed
  }

  /// Spans that are held, as of the last piece of work.
  var heldSpans: Int { held.load(ordering: .relaxed) }

  private var now: UInt64 { Self.nanoseconds(elapsed()) }

  private static func nanoseconds(_ time: Duration) -> UInt64 { UInt64(max(time / .nanoseconds(1), 0)) }

  func add(_ arrival: TraceArrival) async { await lane.run { self.take(arrival) } }

  func addAndWait(_ arrival: TraceArrival) { lane.runAndWait { self.take(arrival) } }

  private func take(_ arrival: TraceArrival) {
    holder.add(arrival, at: now, running.pipeline)
    // The rules have changed while these were on their way.
    if !running.wantsTraces { holder.decideAll(.rules, running.pipeline) }
    finish()
  }

  /// Hands on what has been decided.
  private func finish() {
    running.pipeline.flush()
    held.store(holder.figures.heldSpans, ordering: .relaxed)
  }

  /// Decides what is due.
  func advance() async {
    await lane.run {
      if self.running.wantsTraces {
        self.holder.advance(to: self.now, self.running.pipeline)
      } else {
        self.holder.decideAll(.rules, self.running.pipeline)
      }
      self.finish()
    }
  }

  /// Decides those whose root had come by then, as far as there is room for them behind.
  /// - Returns: whether all of them are decided.
  func decideEnded(by time: Duration) async -> Bool {
    await lane.run {
      let isDone = self.holder.decideEnded(by: Self.nanoseconds(time), self.running.pipeline)
      self.finish()
      return isDone
    }
  }

  /// Decides all that is held, as far as there is room for it behind.
  /// - Returns: how many spans are held still.
  func decideAll(_ cause: TraceCause) async -> Int {
    await lane.run {
      self.holder.decideAll(cause, self.running.pipeline)
      self.finish()
      return self.holder.figures.heldSpans
    }
  }

  /// Puts another set on the shard, between two decisions.
  /// - Returns: the set that ran, which has to be freed on a lane.
  func replace(_ next: RunningTraces) async -> RunningTraces {
    await lane.run {
      let before = self.running
      self.retired += before.report()
      self.running = next
      if !next.wantsTraces { self.holder.decideAll(.rules, next.pipeline) }
      self.finish()
      return before
    }
  }

  /// What the set that runs has counted.
  func runningReport() async -> (number: RuleSetNumber, report: PipelineReport) {
    await lane.run { (self.running.pipeline.number, self.running.report()) }
  }

  func report() async -> (report: PipelineReport, figures: TraceFigures) { await lane.run { self.makeReport() } }

  func reportAndWait() -> (report: PipelineReport, figures: TraceFigures) { lane.runAndWait { self.makeReport() } }

  private func makeReport() -> (report: PipelineReport, figures: TraceFigures) {
    var report = running.report()
    report += retired
    return (report, holder.figures)
  }
}

/// A rule set as it decides traces on one shard.
///
/// `@unchecked Sendable`: it is made on one lane and handed to another before anything runs in it; from then on only
/// that lane touches the pipeline. Lua states are not tied to a thread.
final class RunningTraces: @unchecked Sendable {
  let pipeline: TracePipeline
  let wantsTraces: Bool

  /// Only to be called on a lane, since it enters Lua.
  init(
    _ set: RuleSet, _ number: RuleSetNumber, _ stamping: RuleStamping, _ output: (any TraceOutput)? = nil
  ) throws(RuleError) {
    pipeline = try set.makeTracePipeline(number, stamping)
    pipeline.output = output
    wantsTraces = set.wantsTraces
  }

  func report() -> PipelineReport {
    PipelineReport(ledger: pipeline.ledger, stages: pipeline.stageReports, spansHiddenAgain: pipeline.hiddenAgain)
  }
}
