internal import ProcessorHost
internal import Testing

/// One exporter's queue on a clock that runs as fast as it can.
struct DeliveryRig {
  let clock: ManualClock
  let exporter: ScriptedExporter
  let observer = RecordingObserver()
  let queue: ExportQueue

  /// - Parameter exportTimeout: by default longer than anything that is waited for, so that it never passes.
  init(
    isRequired: Bool = true, spans: Int = 2048, concurrency: Int = 1, exportTimeout: Duration = .seconds(10_000),
    hiding: (any QueuedSpanHiding)? = nil, _ script: @escaping ScriptedExporter.Script
  ) {
    clock = ManualClock()
    exporter = ScriptedExporter(clock: clock, script)
    queue = ExportQueue(
      exporter, isRequired: isRequired,
      limits: ExportQueue.Limits(spans: spans, concurrency: concurrency, exportTimeout: exportTimeout),
      observer: observer, hiding: hiding, clock: clock)
  }

  /// How long was waited before each attempt but the first.
  var waits: [Duration] {
    let times = exporter.attempts.map(\.time)
    return zip(times, times.dropFirst()).map { $1 - $0 }
  }

  /// Delivers batches to their end.
  func deliver(_ batches: ExportBatch...) async {
    for batch in batches { queue.offer(batch) }
    await run {
      await eventually { queue.account.inside == 0 }
    }
    #expect(queue.account.isBalanced && queue.account.insideBytes == 0 && exporter.wasShutDown)
  }

  /// Runs queue and clock until `body` returns; then the queue is closed.
  func run(_ body: () async -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await clock.run(sleepsUpTo: .seconds(400)) }
      group.addTask { await queue.run() }
      await body()
      queue.close()
      // The clock never ends by itself.
      await eventually { exporter.wasShutDown }
      group.cancelAll()
    }
  }
}
