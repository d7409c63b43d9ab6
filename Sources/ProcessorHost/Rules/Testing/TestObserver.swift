internal import Synchronization

/// What a test saw of its span's way, from the lane to the test.
final class TestWatch: Sendable {
  private let kept = Mutex<String?>(nil)

  var keepReason: String? { kept.withLock { $0 } }

  func keep(_ reason: String?) { kept.withLock { $0 = reason } }
}

/// Watches the spans of a test. Of several reasons for which spans are kept the last stays, and one of the trace before all.
final class TestObserver: PipelineObserver {
  private let watch: TestWatch

  init(_ watch: TestWatch) { self.watch = watch }

  func ran(_ stage: String, _ span: SpanWorkspace, since point: SpanWorkspace.Checkpoint) {}

  func failed(_ stage: String, _ failure: StageFailure, policy: FailurePolicy) {}

  func finished(_ span: SpanWorkspace, hidden: [HideFinding], outcome: SamplingOutcome, isStripped: Bool) {
    watch.keep(span.verdict.keepReason?.name)
  }

  func decided(_ trace: TraceWorkspace, outcome: SamplingOutcome, reason: SpanReason?) {
    if let reason = trace.verdict.keepReason { watch.keep(reason.name) }
  }
}
