internal import Synchronization

/// A lane with its pipeline.
///
/// `@unchecked Sendable`: everything but `lane` is touched only by work that runs on the lane, one piece after the
/// other.
final class PipelineLane: @unchecked Sendable {
  private let lane: Lane
  private var running: RunningSet
  private let door = Door()
  /// What the sets before this one have counted.
  private var retired = PipelineReport()

  init(_ lane: Lane, _ running: RunningSet) {
    self.lane = lane
    self.running = running
  }

  func process(_ batch: consuming SpanBatch) async -> SpanBatch {
    let parcel = Parcel(batch)
    return await lane.run { Parcel(self.running.pipeline.process(parcel.open())) }.open()
  }

  func processAndWait(_ batch: consuming SpanBatch) -> SpanBatch {
    let parcel = Parcel(batch)
    return lane.runAndWait { Parcel(self.running.pipeline.process(parcel.open())) }.open()
  }

  /// The whole way of a request: the reader of its format, the door, the chain.
  func process(_ request: [UInt8], _ format: RequestFormat) async -> ProcessedRequest {
    await lane.run { self.work(on: request, format) }
  }

  private func work(on request: [UInt8], _ format: RequestFormat) -> ProcessedRequest {
    var outcome = ProcessedRequest(ruleSet: running.number)
    var bytes = request
    if format == .json {
      do {
        let document = try OTLPJSONReader.read(request)
        bytes = document.request
        outcome.note(document.notes)
      } catch {
        outcome.malformed = error.description
        return outcome
      }
    }
    let admission = door.admit(bytes)
    outcome.note(
      admission.refusals, admission.notes, offered: SpanCount.count(in: bytes), admitted: admission.batch.count)
    if outcome.malformed != nil { return outcome }
    outcome.admittedSpans = admission.batch.count
    outcome.parts = running.pipeline.process(admission.takeBatch()).takeParts()
    return outcome
  }

  /// Puts another set on the lane, between two batches.
  /// - Parameter retired: takes the set that ran. To free it takes longer than the exchange, so that is not done here.
  /// - Returns: how long the lane did nothing else.
  func replace(_ next: RunningSet, _ retired: RetiredSets) async -> Duration {
    await lane.run {
      let start = ContinuousClock.now
      self.retired += self.running.report()
      retired.add(self.running)
      self.running = next
      return .now - start
    }
  }

  func report() async -> PipelineReport { await lane.run { self.makeReport() } }

  func reportAndWait() -> PipelineReport { lane.runAndWait { self.makeReport() } }

  func observe(_ observer: @escaping @Sendable () -> any PipelineObserver) {
    lane.runAndWait { self.running.pipeline.observer = observer() }
  }

  private func makeReport() -> PipelineReport {
    var report = running.report()
    report += retired
    return report
  }
}

/// A rule set as it runs on one lane.
///
/// `@unchecked Sendable`: it is made on one lane and handed to another before anything runs in it; from then on only
/// that lane touches the pipeline. Lua states are not tied to a thread.
final class RunningSet: @unchecked Sendable {
  let pipeline: SpanPipeline
  let number: RuleSetNumber
  private let policy: HidePolicy

  /// Only to be called on a lane, since it enters Lua.
  init(_ set: RuleSet, _ number: RuleSetNumber, _ stamping: RuleStamping) throws(RuleError) {
    pipeline = try set.makePipeline(stamping)
    policy = set.policy
    self.number = number
  }

  func report() -> PipelineReport {
    var report = PipelineReport(
      ledger: pipeline.ledger, hideHits: pipeline.hideHits, stages: pipeline.stageReports)
    for (step, count) in zip(policy.steps, report.hideHits) where count > 0 {
      report.hidden[PipelineReport.HideLabel(step), default: 0] += count
    }
    return report
  }
}

/// Sets that run no more, until a lane is at hand to free them on.
final class RetiredSets: Sendable {
  private let sets = Mutex<[RunningSet]>([])

  func add(_ set: RunningSet) { sets.withLock { $0.append(set) } }

  /// Frees them. Only to be called on a lane, since it enters Lua.
  func free() { sets.withLock { $0 = [] } }
}

/// Carries a batch, which cannot be copied, into a closure and out of it.
private final class Parcel: Sendable {
  private let parts: SpanBatch.Parts

  init(_ batch: consuming SpanBatch) { parts = batch.takeParts() }

  func open() -> SpanBatch { SpanBatch(parts) }
}
