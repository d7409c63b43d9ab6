/// The way of a trace: every rule and processor that looks at whole traces, in chain order, then the decision.
///
/// It belongs to its shard and is not `Sendable`; stages get the workspace and never the pipeline.
package final class TracePipeline: TraceDecider {
  package let trace = TraceWorkspace()
  package let number: RuleSetNumber
  /// Where what is kept goes on; nil where somebody takes it with `takeBatch`.
  package var output: (any TraceOutput)?
  /// Told what each stage did to each trace, where somebody wants to know.
  var observer: (any PipelineObserver)?
  private let stages: [any TraceStage]
  private var breakers: [CircuitBreaker]
  private var figures: [StageFigures]
  private let sampling: any TraceSamplingWorker
  private let makeHiding: () -> SpanPipeline
  private lazy var hiding = makeHiding()
  /// When what is kept is handed on before everything due is decided.
  private static let batchSpans = 512
  private static let batchBytes = 1 << 20
  private let span = SpanWorkspace()
  private var assembly = TraceAssembly()

  /// What became of the spans that came from lanes. They were received there, and are held until they are decided here:
  /// so `held` falls below zero, and the sum over lanes and shards says how many are.
  package private(set) var ledger = SpanLedger()
  /// Spans hidden again.
  private(set) var hiddenAgain = 0

  /// - Parameter makeHiding: makes what hides spans again that an older set has hidden.
  init(
    _ number: RuleSetNumber, stages: [any TraceStage], sampling: any TraceSamplingWorker,
    makeHiding: @escaping () -> SpanPipeline
  ) {
    self.number = number
    self.stages = stages
    breakers = stages.map { _ in CircuitBreaker() }
    figures = stages.map { _ in StageFigures() }
    self.sampling = sampling
    self.makeHiding = makeHiding
  }

  /// What each stage has done: its edits, and the steps it has used.
  var stageReports: [PipelineReport.Stage] {
    stages.indices.map { index in
      PipelineReport.Stage(
        name: stages[index].name, calls: Int(figures[index].calls), seconds: figures[index].seconds,
        edits: figures[index].edits, steps: stages[index].stepsUsed,
        timesOpened: breakers[index].timesOpened, isOpen: breakers[index].isOpen)
    }
  }

  // MARK: Deciding

  package func decide(hiddenUnder hidden: RuleSetNumber) -> TraceDecision {
    if hidden < number, !hideAgain() { return settle(Self.failed, TraceEdits([])) }
    for index in stages.indices { run(stage: index) }
    let (sampling, reason) = sampling.decide(trace)
    let edits = TraceEdits(trace.edits, reason)
    return settle(TraceDecision(sampling, attributes: edits.common), edits, reason)
  }

  package func follow(_ decision: TraceDecision, hiddenUnder hidden: RuleSetNumber) {
    var decision = decision
    if decision.isKept {
      if hidden < number, !hideAgain() { decision = Self.failed }
      for attribute in decision.attributes { trace.set(attribute.key, attribute.value) }
    }
    _ = settle(decision, TraceEdits(trace.edits))
  }

  /// What cannot be hidden does not leave.
  private static let failed = TraceDecision(TraceSampling(.dropped(reason: SpanPipeline.failureReason.name)))

  /// Calls a stage; where it fails, its edits are undone.
  private func run(stage index: Int) {
    let stage = stages[index]
    guard breakers[index].shouldCall() else {
      ledger.skipped[stage.name, default: 0] += trace.spans.count
      return
    }
    let point = trace.checkpoint()
    let failure: StageFailure?
    if figures[index].countsCall() {
      let start = ContinuousClock.now
      failure = stage.process(trace)
      figures[index].add(.now - start)
    } else {
      failure = stage.process(trace)
    }
    guard let failure else {
      breakers[index].succeeded()
      figures[index].edits += trace.editCount(since: point)
      observer?.ran(stage.name, trace, since: point)
      return
    }
    trace.rollBack(to: point)
    observer?.failed(stage.name, failure, trace)
    breakers[index].failed()
    ledger.failures[failure.description, default: 0] += 1
  }

  /// Hides what the spans were not hidden by: they came under another set than the one that decides.
  /// - Returns: false where that cannot be done.
  private func hideAgain() -> Bool {
    let order = trace.orderByContainer
    let hidden = hiding.process(trace.makeBatch(order))
    guard hidden.count == order.count else { return false }
    trace.replace(with: hidden, order)
    hiddenAgain += order.count
    return true
  }

  // MARK: Leaving

  /// - Parameter reason: why the trace stays, where somebody gave one.
  private func settle(
    _ decision: TraceDecision, _ edits: TraceEdits, _ reason: SpanReason? = nil
  ) -> TraceDecision {
    let count = trace.spans.count
    ledger.held -= count
    observer?.decided(trace, outcome: decision.sampling.outcome, reason: reason)
    switch decision.sampling.outcome {
    case .dropped(let reason): ledger.dropped[reason, default: 0] += count
    case .sampledOut(let reason): ledger.sampledOut[reason, default: 0] += count
    case .kept:
      ledger.emitted += count
      emit(decision.sampling, edits)
      if assembly.count >= Self.batchSpans || assembly.size >= Self.batchBytes { flush() }
    }
    return decision
  }

  private func emit(_ sampling: TraceSampling, _ edits: TraceEdits) {
    let isChanged = sampling.marks || !edits.isEmpty
    let scopes = trace.containers.map { assembly.scope($0, trace.base) }
    for (index, held) in trace.spans.enumerated() {
      if isChanged {
        trace.open(index, in: span)
        edits.apply(to: span, index)
        if sampling.marks { self.sampling.mark(span, sampling) }
        assembly.addSpan(in: scopes[held.container], span.encode(into:))
      } else {
        assembly.addSpan(in: scopes[held.container]) {
          $0.append(trace.base + held.content.lowerBound, held.content.count)
        }
      }
    }
  }

  package var hasRoom: Bool { output?.hasRoom ?? true }

  /// What has been decided and is kept, since it was taken last.
  package func takeBatch() -> SpanBatch { assembly.finish() }

  /// Hands on what has been decided and is kept.
  func flush() {
    if let output, assembly.count > 0 { output.add(assembly.finish(), ruleSet: number) }
  }
}
