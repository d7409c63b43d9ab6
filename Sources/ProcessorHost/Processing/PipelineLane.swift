/// A lane with its pipeline.
///
/// `@unchecked Sendable`: the pipeline is made on the lane and touched only by work that runs there, one piece after
/// the other.
final class PipelineLane: @unchecked Sendable {
  private let lane: Lane
  private var pipeline: SpanPipeline?

  init(_ lane: Lane, _ set: RuleSet) throws(RuleError) {
    self.lane = lane
    try lane.runAndWait { () throws(RuleError) in self.pipeline = try set.makePipeline() }
  }

  func process(_ batch: consuming SpanBatch) async -> SpanBatch {
    let parcel = Parcel(batch)
    return await lane.run { Parcel(self.work(on: parcel.open())) }.open()
  }

  func processAndWait(_ batch: consuming SpanBatch) -> SpanBatch {
    let parcel = Parcel(batch)
    return lane.runAndWait { Parcel(self.work(on: parcel.open())) }.open()
  }

  func report() async -> PipelineReport { await lane.run { self.makeReport() } }

  func reportAndWait() -> PipelineReport { lane.runAndWait { self.makeReport() } }

  func observe(_ observer: @escaping @Sendable () -> any PipelineObserver) {
    lane.runAndWait { self.pipeline?.observer = observer() }
  }

  private func work(on batch: consuming SpanBatch) -> SpanBatch {
    guard let pipeline else { return SpanBatch() }
    return pipeline.process(batch)
  }

  private func makeReport() -> PipelineReport {
    PipelineReport(
      ledger: pipeline?.ledger ?? SpanLedger(), hideHits: pipeline?.hideHits ?? [], stages: pipeline?.stageReports ?? []
    )
  }
}

/// Carries a batch, which cannot be copied, into a closure and out of it.
private final class Parcel: Sendable {
  private let content: Content

  /// The batch's parts, which are plain values.
  private struct Content: Sendable {
    var bytes: [UInt8]
    var resources: [SpanBatch.Container]
    var scopes: [SpanBatch.Container]
    var spans: [Range<Int>]
  }

  init(_ batch: consuming SpanBatch) {
    content = Content(bytes: batch.bytes, resources: batch.resources, scopes: batch.scopes, spans: batch.spans)
  }

  func open() -> SpanBatch {
    SpanBatch(bytes: content.bytes, resources: content.resources, scopes: content.scopes, spans: content.spans)
  }
}
