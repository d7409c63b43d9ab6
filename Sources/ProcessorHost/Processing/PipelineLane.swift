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

  func process(_ batch: consuming SpanBatch) async -> Survivors {
    let parcel = Parcel(batch)
    return await lane.run { self.running.process(parcel.open()) }
  }

  func processAndWait(_ batch: consuming SpanBatch) -> Survivors {
    let parcel = Parcel(batch)
    return lane.runAndWait { self.running.process(parcel.open()) }
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
    let survivors = running.process(admission.takeBatch())
    outcome.parts = survivors.parts
    outcome.arrivals = survivors.arrivals
    return outcome
  }

  /// Puts another set on the lane, between two batches.
  /// - Parameter retired: takes the set that ran. To free it takes longer than the exchange, so that is not done here.
  /// - Returns: how long the lane did nothing else.
  func replace(_ next: RunningSet, _ retired: RetiredSets) async -> Duration {
    await lane.run {
      let start = ContinuousClock.now
      let report = self.running.report()
      self.retired += report
      retired.add(self.running, report)
      self.running = next
      return .now - start
    }
  }

  /// What the set that runs has counted.
  func runningReport() async -> (number: RuleSetNumber, report: PipelineReport) {
    await lane.run { (self.running.number, self.running.report()) }
  }

  func report() async -> PipelineReport { await lane.run { self.makeReport() } }

  func reportAndWait() -> PipelineReport { lane.runAndWait { self.makeReport() } }

  func observe(_ observer: @escaping @Sendable () -> any PipelineObserver) {
    lane.runAndWait { self.running.observe(observer()) }
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
  private let traces: Traces
  private var batches: UInt = 0
  private var bytes = 0
  private var timed = Duration.zero
  private var timedSpans = 0

  /// One batch of so many is timed: asking for a thread's time is a call of the system. The first ones also pay for tables
  /// that are filled once.
  private static let timingInterval: UInt = 8

  /// What becomes of traces.
  private enum Traces {
    /// Nobody looks at them.
    case ignored
    /// They are held elsewhere.
    case held(TraceRouting)
    /// A batch is all there is.
    case decided(RunningTraces)
  }

  /// Only to be called on a lane, since it enters Lua.
  /// - Parameter routing: where traces are held; nil where they are not.
  init(
    _ set: RuleSet, _ number: RuleSetNumber, _ stamping: RuleStamping, valueLength: Int?, _ routing: TraceRouting?
  ) throws(RuleError) {
    pipeline = try set.makePipeline(stamping, valueLength: valueLength, holdsTraces: set.wantsTraces)
    policy = set.policy
    self.number = number
    if !set.wantsTraces {
      traces = .ignored
    } else if let routing {
      traces = .held(routing)
    } else {
      traces = .decided(try RunningTraces(set, number, stamping))
    }
  }

  func observe(_ observer: any PipelineObserver) {
    pipeline.observer = observer
    if case .decided(let running) = traces { running.pipeline.observer = observer }
  }

  func process(_ batch: consuming SpanBatch) -> Survivors {
    let survivors = run(batch)
    switch traces {
    case .ignored: return Survivors(ruleSet: number, parts: survivors.takeParts())
    case .held(let routing): return Survivors(ruleSet: number, arrivals: routing.arrivals(of: survivors, number))
    case .decided(let running):
      return Survivors(ruleSet: number, parts: running.pipeline.decide(tracesOf: survivors).takeParts())
    }
  }

  private func run(_ batch: consuming SpanBatch) -> SpanBatch {
    batches &+= 1
    bytes += batch.bytes.count
    guard batches % Self.timingInterval == 0 else { return pipeline.process(batch) }
    let count = batch.spans.count
    let start = ProcessorTime.ofThisThread
    let processed = pipeline.process(batch)
    timed += ProcessorTime.ofThisThread - start
    timedSpans += count
    return processed
  }

  func report() -> PipelineReport {
    var report = PipelineReport(
      ledger: pipeline.ledger, hideHits: pipeline.hideHits, stages: pipeline.stageReports, bytes: bytes,
      processorTime: timed, timedSpans: timedSpans)
    for (step, count) in zip(policy.steps, report.hideHits) where count > 0 {
      report.hidden[PipelineReport.HideLabel(step), default: 0] += count
    }
    if case .decided(let running) = traces { report += running.report() }
    return report
  }
}

/// What survived of a batch: in `parts`, or in `arrivals` where it goes on to where traces are held.
struct Survivors: Sendable {
  /// The set under which they were processed.
  var ruleSet: RuleSetNumber
  var parts = SpanBatch().takeParts()
  var arrivals: [TraceArrival] = []
}

/// Sets that run no more, until a lane is at hand to free them on.
final class RetiredSets: Sendable {
  private let state = Mutex((sets: [RunningSet](), traces: [RunningTraces](), figures: RuleSetFigures()))

  /// What they have met and cost.
  var figures: RuleSetFigures { state.withLock { $0.figures } }

  func add(_ set: RunningSet, _ report: PipelineReport) {
    state.withLock { state in
      state.sets.append(set)
      state.figures += RuleSetFigures(report)
    }
  }

  func add(_ traces: [RunningTraces]) {
    let reports = traces.map { $0.report() }
    state.withLock { state in
      state.traces += traces
      for report in reports { state.figures += RuleSetFigures(report) }
    }
  }

  /// Frees them. Only to be called on a lane, since it enters Lua.
  func free() { state.withLock { ($0.sets, $0.traces) = ([], []) } }
}

/// Carries a batch, which cannot be copied, into a closure and out of it.
private final class Parcel: Sendable {
  private let parts: SpanBatch.Parts

  init(_ batch: consuming SpanBatch) { parts = batch.takeParts() }

  func open() -> SpanBatch { SpanBatch(parts) }
}
