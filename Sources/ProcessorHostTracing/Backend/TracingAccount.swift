public import ProcessorHost

/// What became of the spans of a tracer: those that ended equal those that wait, were dropped, and were processed; and of
/// the processed, some may be held.
public struct TracingAccount: Sendable, Equatable {
  /// Spans that have ended and wait for a lane.
  public var waiting = 0
  /// Spans that were dropped since there was no room: the newest, whenever the queue was full.
  public var droppedByFullQueue = 0
  /// Spans that were dropped since those that wait take up too many bytes, or one of them alone does.
  public var droppedBySize = 0
  /// Spans that ended after the service had.
  public var droppedAfterShutdown = 0
  /// Spans that came to the rules, and what became of them there.
  public var processed = SpanLedger()
  /// What is held of traces, and what became of those that were decided.
  public var traces = TraceFigures()
  /// What became of the others at each exporter, by its name.
  public var exporters: [String: ExportAccount] = [:]

  /// Spans that have ended, whatever became of them.
  public var ended: Int { waiting + dropped + processed.received }
  /// Spans that were dropped before a rule saw them, for whatever reason.
  public var dropped: Int { droppedByFullQueue + droppedBySize + droppedAfterShutdown }
  /// Of the processed spans, those that are held until their trace is decided. Where the service has ended, these are
  /// lost: the time was not enough to decide them.
  public var held: Int { processed.held }

  init() {}

  init(_ engine: TracingEngine) async {
    waiting = engine.inbox.waiting
    droppedByFullQueue = engine.inbox.lost(.queueFull)
    droppedBySize = engine.inbox.lost(.queueBytes)
    droppedAfterShutdown = engine.inbox.lost(.shutdown)
    processed = await engine.host.ledger()
    traces = await engine.host.traceFigures()
    exporters = engine.queue.accounts
  }
}
