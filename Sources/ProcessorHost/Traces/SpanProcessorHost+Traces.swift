extension SpanProcessorHost {
  /// Names what takes the spans of traces that were held and are kept. Until then none of them is decided.
  package func deliverTraces(to output: any TraceOutput) { traces?.deliver(to: output) }

  /// Decides held traces when they are due, until `drainTraces` is called or the task is cancelled.
  public func runTraces() async { await traces?.run() }

  /// Decides all traces that are held, as fast as there is room for their spans, or until the task is cancelled. To be
  /// called when nothing more comes.
  public func drainTraces() async { await traces?.drain() }

  /// Decides the traces whose root has come until now, without waiting for others of their spans, as fast as there is room
  /// for them, or until the task is cancelled.
  package func decideEndedTraces() async { await traces?.decideEnded() }

  /// Spans of traces that are held now. Costs next to nothing.
  public var heldSpans: Int { traces?.heldSpans ?? 0 }

  /// What is held of traces, and what became of those that were decided.
  public func traceFigures() async -> TraceFigures { await traces?.report().figures ?? TraceFigures() }

  /// Decides what is due now; for tests that drive the clock.
  package func advanceTraces() async { await traces?.advance() }
}
