/// The spans of a trace that came together, which a processor may look at, tag, and keep or drop as a whole.
///
/// It is a view of the host's own memory and lives as long as the call it is lent to. Texts are those that hiding left.
public struct ReadWriteTrace: ~Copyable {
  private let workspace: TraceWorkspace

  package init(_ workspace: TraceWorkspace) { self.workspace = workspace }

  /// The id of the trace.
  public var traceID: TraceID { workspace.id }

  /// From the earliest start of a span to the latest end, in nanoseconds: by several clocks, where several machines took
  /// part.
  public var durationNanoseconds: UInt64 { workspace.durationNanoseconds }

  /// How many spans have come. One that was sent twice counts twice.
  public var spanCount: Int { workspace.spans.count }

  /// How many of them have a status of error.
  public var errorCount: Int { workspace.errorCount }

  /// Where the span without a parent stands among the spans; nil where it has not come.
  public var rootIndex: Int? { workspace.root }

  /// Whether the root has come and the others had their time to come: nothing was decided early for want of room.
  public var isComplete: Bool { workspace.isComplete }

  /// Why the trace is decided now.
  public var cause: TraceCause { workspace.cause }

  /// The distinct `service.name`s of the spans' resources, in the order in which they came.
  public var services: [String] { workspace.services }

  /// Lends a span for reading. What is written to it is forgotten: `set` writes.
  /// - Precondition: `index` is in `0..<spanCount`.
  public func withSpan<Result>(_ index: Int, _ body: (borrowing ReadWriteSpan) throws -> Result) rethrows -> Result {
    workspace.open(index, in: workspace.reader)
    return try body(ReadWriteSpan(workspace.reader))
  }

  /// Sets an attribute on every span of the trace, as far as they are remembered also on those that come late.
  public func set(_ key: String, _ value: AttributeValue) { set(key, value, on: nil) }

  /// Sets an attribute on one span.
  /// - Precondition: `index` is in `0..<spanCount`.
  public func set(_ key: String, _ value: AttributeValue, onSpan index: Int) { set(key, value, on: index) }

  private func set(_ key: String, _ value: AttributeValue, on span: Int?) {
    let content = WireBuffer(capacity: 64)
    value.encode(into: content)
    workspace.set(Array(key.utf8), Array(content.bytes), on: span)
  }

  /// Keeps the trace: a later `sample` does not reach it. A drop does.
  /// - Parameter reason: a constant name by which the ledger counts.
  public func keep(_ reason: SpanReason) { workspace.verdict.keep(reason) }

  /// Keeps a share of traces, decided by trace id, each as a whole.
  /// - Parameters:
  ///   - ratio: 0 to 1. Of several ratios the lowest counts.
  ///   - reason: a constant name by which the ledger counts.
  public func sample(_ ratio: Double, _ reason: SpanReason) { workspace.verdict.sample(ratio, reason) }

  /// Keeps a share of the traces that arrive, however much earlier stages have thinned them out: what a target of so many
  /// traces a second comes to. Decided by trace id as `sample` is.
  /// - Parameters:
  ///   - ratio: 0 to 1, and not to depend on the trace's id. Of several ratios the lowest counts.
  ///   - reason: a constant name by which the ledger counts.
  public func sampleArriving(_ ratio: Double, _ reason: SpanReason) {
    workspace.verdict.sampleArriving(ratio, reason)
  }

  /// Drops the trace, whatever else is said.
  /// - Parameter reason: a constant name by which the ledger counts.
  public func drop(_ reason: SpanReason) { workspace.verdict.drop(reason) }

  /// Asks a rate limit for room, unless the trace is kept or dropped already. One that finds none is sampled out; one that
  /// passes loses its sampling threshold, since nobody knows how probable it was.
  /// - Parameters:
  ///   - reason: a constant name by which the ledger counts.
  ///   - take: takes one from the limit; false where none is left.
  public func rateLimit(_ reason: SpanReason, _ take: () -> Bool) {
    guard !workspace.verdict.isSettled else { return }
    workspace.verdict.rateLimit(hasRoom: take(), reason)
  }
}
