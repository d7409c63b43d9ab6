/// The way of a span through the chain, on one lane.
///
/// The phases are the host's, in this order: every rule and processor in chain order; then hide, once; then the
/// sampling decision. After hide nothing writes free text. It belongs to its lane and is not `Sendable`;
/// stages get the workspace and never the pipeline, so accesses to it cannot overlap and are not checked at run time.
package final class SpanPipeline {
  private let stages: [any ChainStage]
  @exclusivity(unchecked) private var breakers: [CircuitBreaker]
  @exclusivity(unchecked) private var figures: [StageFigures]
  private let hiding: any HidingWorker
  private let sampling: any SamplingWorker
  private let stamping: RuleStamping
  private let valueLength: ValueLengthLimit?
  /// Whether survivors go on to where traces are held, and have not left with that.
  private let holdsSurvivors: Bool
  private let span = SpanWorkspace()
  @exclusivity(unchecked) private var assembly = BatchAssembly()
  private var headers = HeaderMemory()

  /// What became of the spans so far.
  @exclusivity(unchecked) package private(set) var ledger = SpanLedger()
  /// Told what each stage did to each span, where somebody wants to know.
  @exclusivity(unchecked) package var observer: (any PipelineObserver)? {
    didSet { hiding.isExplaining = observer != nil }
  }

  package init(
    stages: [any ChainStage], hiding: any HidingWorker, sampling: any SamplingWorker, stamping: RuleStamping = .off,
    valueLength: Int? = nil, holdsSurvivors: Bool = false
  ) {
    self.stages = stages
    self.breakers = stages.map { _ in CircuitBreaker() }
    self.figures = stages.map { _ in StageFigures() }
    self.hiding = hiding
    self.sampling = sampling
    self.stamping = stamping
    self.valueLength = valueLength.map { ValueLengthLimit(length: $0) }
    self.holdsSurvivors = holdsSurvivors
  }

  /// How often each step of the hide policy hit.
  package var hideHits: [Int] { hiding.hits }

  /// What each stage has done: its edits, and the steps it has used.
  package var stageReports: [PipelineReport.Stage] {
    stages.indices.map { index in
      PipelineReport.Stage(
        name: stages[index].name, calls: Int(figures[index].calls), seconds: figures[index].seconds,
        edits: figures[index].edits, steps: stages[index].stepsUsed,
        timesOpened: breakers[index].timesOpened, isOpen: breakers[index].isOpen)
    }
  }

  /// Runs every span of a batch through the chain; what survives comes back as a batch of its own.
  package func process(_ batch: borrowing SpanBatch) -> SpanBatch {
    let resources = batch.resources
    let scopes = batch.scopes
    let spans = batch.spans
    batch.bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      for resource in resources { process(resource, scopes, spans, base) }
    }
    return assembly.finish()
  }

  private func process(
    _ resource: SpanBatch.Container, _ scopes: [SpanBatch.Container], _ spans: [Range<Int>],
    _ base: UnsafePointer<UInt8>
  ) {
    var stripped: [[UInt8]] = []
    span.resourceHeader = resource.prefix
    span.resourceTrailer = resource.suffix
    assembly.beginResource()
    for scope in scopes[resource.children] {
      span.scopeHeader = scope.prefix
      span.scopeTrailer = scope.suffix
      assembly.beginScope()
      for index in scope.children {
        span.begin(base, spans[index])
        ledger.received += 1
        if processSpan() { stripped.append(strippedSpan()) }
      }
      let hadSpans = !scope.children.isEmpty
      assembly.endScope(
        prefix: header(.scopeSpans, base, scope.prefix, hadSpans, stamping),
        suffix: header(.scopeSpans, base, scope.suffix, hadSpans), hadSpans: hadSpans)
    }
    let hadSpans = scopes[resource.children].last.map { !$0.children.isEmpty } ?? false
    assembly.endResource(
      prefix: header(.resourceSpans, base, resource.prefix, hadSpans),
      suffix: header(.resourceSpans, base, resource.suffix, hadSpans), hadScopes: !resource.children.isEmpty)
    if !stripped.isEmpty { addStripped(stripped) }
  }

  /// Takes the span in the workspace through all phases; true where it has to be stripped.
  private func processSpan() -> Bool {
    var mustStrip = false
    for index in stages.indices {
      guard let policy = run(stage: index) else { continue }
      switch policy {
      case .pass: break
      case .strip: mustStrip = true
      case .drop: span.verdict.drop(Self.failureReason)
      }
      // No code runs on a span whose content can no longer be trusted to a rule.
      if mustStrip { break }
    }
    if !mustStrip {
      hiding.hide(span)
      valueLength?.apply(to: span)
    }
    let outcome = sampling.decide(span.verdict, span)
    observer?.finished(span, hidden: mustStrip ? [] : hiding.explanation, outcome: outcome, isStripped: mustStrip)
    switch outcome {
    case .dropped(let reason):
      ledger.dropped[reason, default: 0] += 1
      return false
    case .sampledOut(let reason):
      ledger.sampledOut[reason, default: 0] += 1
      return false
    case .kept:
      if holdsSurvivors { ledger.held += 1 } else { ledger.emitted += 1 }
      if !mustStrip { assembly.addSpan(span.encode(into:)) }
      return mustStrip
    }
  }

  /// The reason under which a span counts that went because something failed on it.
  package static let failureReason: SpanReason = "failure"

  /// Calls a stage; nil where it did its work, otherwise the policy for its failure.
  private func run(stage index: Int) -> FailurePolicy? {
    let stage = stages[index]
    guard breakers[index].shouldCall() else {
      ledger.skipped[stage.name, default: 0] += 1
      return stage.failurePolicy
    }
    let point = span.checkpoint()
    let failure = figures[index].countsCall() ? timed(stage, index) : stage.process(span)
    guard let failure else {
      breakers[index].succeeded()
      figures[index].edits += span.editCount(since: point)
      observer?.ran(stage.name, span, since: point)
      return nil
    }
    span.rollBack(to: point)
    breakers[index].failed()
    ledger.failures[failure.description, default: 0] += 1
    observer?.failed(stage.name, failure, policy: stage.failurePolicy)
    return stage.failurePolicy
  }

  @inline(never)
  private func timed(_ stage: any ChainStage, _ index: Int) -> StageFailure? {
    let start = ContinuousClock.now
    defer { figures[index].add(.now - start) }
    return stage.process(span)
  }

  // MARK: Stripped spans

  private func strippedSpan() -> [UInt8] {
    ledger.stripped += 1
    let frame = WireBuffer(capacity: 256)
    StrippedSpan.encode(span, into: frame)
    return Array(frame.bytes)
  }

  /// Stripped spans leave in a `ResourceSpans` of their own, whose resource says no more than who sent them.
  private func addStripped(_ frames: [[UInt8]]) {
    let reduced = StrippedSpan.resourceHeader(span)
    let hidden = reduced.withUnsafeBufferPointer { run in
      run.baseAddress.flatMap { hiding.hide(header: .resourceSpans, $0, 0..<run.count) }
    }
    assembly.beginResource()
    assembly.beginScope()
    for frame in frames { assembly.addSpan { $0.append(frame) } }
    assembly.endScope(
      prefix: .rewritten(stamping.fields([], hidden: nil) ?? []), suffix: .rewritten([]), hadSpans: true)
    assembly.endResource(prefix: .rewritten(hidden ?? reduced), suffix: .rewritten([]), hadScopes: true)
  }

  // MARK: Headers

  /// - Parameters:
  ///   - hadSpans: whether the span in the workspace came in it.
  ///   - stamping: what is put on it behind hiding, so that no rule hides that.
  private func header(
    _ message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ hadSpans: Bool,
    _ stamping: RuleStamping = .off
  ) -> BatchAssembly.Header {
    if range.isEmpty, !stamping.isOn { return .original(base, range) }
    let key = HeaderMemory.Key(
      message: message, isStamped: stamping.isOn, bytes: Array(UnsafeBufferPointer(rebasing: slice(base, range))))
    let replacement = headers.value(for: key) {
      if range.isEmpty { return stamping.fields([], hidden: nil) }
      let hidden = hiding.hide(header: message, base, range)
      observer?.finishedHeader(message, hidden: hiding.explanation, lastSpan: hadSpans ? span : nil)
      return stamping.fields(key.bytes, hidden: hidden)
    }
    return replacement.map { .rewritten($0) } ?? .original(base, range)
  }

  private func slice(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> {
    UnsafeBufferPointer(start: base, count: range.upperBound)[range]
  }
}

/// Told what happens to spans; `--explain` and `scan` listen.
package protocol PipelineObserver: AnyObject {
  func ran(_ stage: String, _ span: SpanWorkspace, since point: SpanWorkspace.Checkpoint)
  func failed(_ stage: String, _ failure: StageFailure, policy: FailurePolicy)
  func finished(_ span: SpanWorkspace, hidden: [HideFinding], outcome: SamplingOutcome, isStripped: Bool)
  /// Called for the own fields of a `ResourceSpans` or `ScopeSpans` when they are hidden: once for each distinct run of
  /// them, as far as the host remembers, behind the spans in it.
  /// - Parameter lastSpan: the last span in it, as it leaves; nil where there is none.
  func finishedHeader(_ message: WireMessage, hidden: [HideFinding], lastSpan: SpanWorkspace?)
  /// What a stage did to a trace.
  func ran(_ stage: String, _ trace: TraceWorkspace, since point: TraceWorkspace.Checkpoint)
  func failed(_ stage: String, _ failure: StageFailure, _ trace: TraceWorkspace)
  /// - Parameter reason: why the trace stays, where somebody gave one.
  func decided(_ trace: TraceWorkspace, outcome: SamplingOutcome, reason: SpanReason?)
}

extension PipelineObserver {
  package func finishedHeader(_ message: WireMessage, hidden: [HideFinding], lastSpan: SpanWorkspace?) {}
  package func ran(_ stage: String, _ trace: TraceWorkspace, since point: TraceWorkspace.Checkpoint) {}
  package func failed(_ stage: String, _ failure: StageFailure, _ trace: TraceWorkspace) {}
  package func decided(_ trace: TraceWorkspace, outcome: SamplingOutcome, reason: SpanReason?) {}
}
