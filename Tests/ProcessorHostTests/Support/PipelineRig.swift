internal import BuiltinProcessors
internal import ProcessorHost

/// A pipeline with the built-in hiding and sampling around stages of the test's own.
struct PipelineRig {
  let pipeline: SpanPipeline

  init(_ stages: [any ChainStage], hide: [HideStep] = [], stamping: RuleStamping = .off) throws {
    self.init(stages, hiding: try BuiltinHiding().compile(HidePolicy(hide)).makeWorker(), stamping: stamping)
  }

  init(_ stages: [any ChainStage], hiding: any HidingWorker, stamping: RuleStamping = .off) {
    pipeline = SpanPipeline(
      stages: stages, hiding: hiding, sampling: BuiltinSampling().makeWorker(), stamping: stamping)
  }

  var ledger: SpanLedger { pipeline.ledger }

  /// What is left of a request.
  func process(_ request: [UInt8]) -> [UInt8] { pipeline.process(Door().admit(request).takeBatch()).encoded() }

  /// The spans that are left of a request.
  func spans(_ request: [UInt8]) -> [PlainSpan] { .init(request: process(request)) }
}

/// Stands for a policy that hides nothing, and notes what it was asked to do.
final class NoHiding: HidingWorker {
  private(set) var hiddenSpans = 0
  private(set) var hiddenHeaders: [[UInt8]] = []
  var hits: [Int] { [] }
  var explanation: [HideFinding] { [] }
  var isExplaining = false
  /// Called for each span.
  var onSpan: (SpanWorkspace) -> Void = { _ in }

  func hide(_ span: SpanWorkspace) {
    hiddenSpans += 1
    onSpan(span)
  }

  func hide(header message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> [UInt8]? {
    hiddenHeaders.append(Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)))
    return nil
  }
}

/// A member of the chain that does what a test tells it.
final class TestStage: ChainStage {
  let name: String
  let failurePolicy: FailurePolicy
  let stepsUsed = 0
  private(set) var calls = 0
  private let body: (borrowing ReadWriteSpan) throws -> Void

  init(
    _ name: String = "stage", _ failurePolicy: FailurePolicy = .pass,
    _ body: @escaping (borrowing ReadWriteSpan) throws -> Void
  ) {
    self.name = name
    self.failurePolicy = failurePolicy
    self.body = body
  }

  func process(_ span: SpanWorkspace) -> StageFailure? {
    calls += 1
    do {
      try body(ReadWriteSpan(span))
      return nil
    } catch {
      return StageFailure(place: name, message: "failed")
    }
  }
}

/// What a stage of a test throws.
struct TestFailure: Error {}
