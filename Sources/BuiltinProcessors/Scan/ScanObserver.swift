package import ProcessorHost
internal import Synchronization

/// A scan's report on its way from the lane to whoever asked for it.
package final class ScanLog: Sendable {
  private let report: Mutex<ScanReport>

  package init(_ policy: ScanPolicy) { report = Mutex(ScanReport(policy)) }

  /// The report as it stands.
  package var current: ScanReport { report.withLock { $0 } }

  fileprivate func update(_ body: (inout ScanReport) -> Void) { report.withLock { body(&$0) } }
}

/// Watches a pipeline that hides by a scan's policy and writes down what was hidden.
package final class ScanObserver: PipelineObserver {
  private let log: ScanLog

  package init(_ log: ScanLog) { self.log = log }

  package func ran(_ stage: String, _ span: SpanWorkspace, since point: SpanWorkspace.Checkpoint) {}

  package func failed(_ stage: String, _ failure: StageFailure, policy: FailurePolicy) {}

  package func finished(_ span: SpanWorkspace, hidden: [HideFinding], outcome: SamplingOutcome, isStripped: Bool) {
    let example = Self.example(span)
    log.update { $0.add(example, hidden) }
  }

  package func finishedHeader(_ message: WireMessage, hidden: [HideFinding], lastSpan: SpanWorkspace?) {
    let example = lastSpan.map(Self.example)
    log.update { $0.add(message == .scopeSpans ? .scope : .resource, of: example, hidden) }
  }

  private static func example(_ span: SpanWorkspace) -> ScanFinding.Example {
    let view = ReadWriteSpan(span)
    return ScanFinding.Example(name: view.name, traceID: view.traceID)
  }
}
