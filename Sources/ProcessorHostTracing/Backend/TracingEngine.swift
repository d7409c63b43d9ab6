internal import BuiltinProcessors
internal import HostReporting
internal import Logging
internal import ProcessorHost
internal import Synchronization

/// What stands behind a tracer: inbox, rules, queue and exporter.
final class TracingEngine: Sendable {
  let recorder: SpanRecorder
  let inbox: SpanInbox
  let host: SpanProcessorHost
  let queue: SpanQueue
  let drain: SpanDrain
  let shutdownTimeout: Duration
  private let scheduleDelay: Duration
  private let wakes: AsyncStream<Void>
  private let reloader: RuleReloader?
  private let logger: Logger

  init(_ configuration: TracingBackend.Configuration, _ logger: Logger) throws {
    let rules = try configuration.rules.load()
    var engine = SpanProcessorHost.Configuration(
      rules: rules.directory, settings: configuration.ruleSettings, processors: configuration.processors,
      hide: configuration.hide)
    engine.stamp = .scope
    engine.valueLength = configuration.limits.attributeValueLength
    engine.traceProcessors = configuration.traceProcessors
    engine.traces = configuration.traces.limits(behind: configuration.queue.scheduleDelay)
    host = try SpanProcessorHost(engine, keys: configuration.pseudonymKeys)
    try host.runTests(of: rules.directory)
    let limits = configuration.queue.limits
    let exportLimits = ExportQueue.Limits(
      spans: limits.spans, bytes: limits.bytes, exportTimeout: configuration.queue.exportTimeout)
    let exporters = try configuration.makeExporters().map { [host] exporter in
      ExportQueue(
        exporter, isRequired: true, limits: exportLimits, observer: ExportReporter(logger), hiding: host)
    }
    queue = SpanQueue(exporters, limits: limits)
    host.deliverTraces(to: DecidedTraces(queue: queue))
    let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.wakes = wakes
    inbox = SpanInbox(
      maximumSpans: limits.spans, maximumBytes: limits.bytes, wakeAt: limits.batchSize, wake: { wake.yield() },
      room: { [queue] in limits.spans - queue.inside.spans })
    drain = SpanDrain(
      inbox: inbox, host: host, queue: queue, resource: configuration.resource.encoded(),
      scope: configuration.instrumentationScope.encoded())
    recorder = SpanRecorder(
      limits: configuration.limits, recordsStackTraces: configuration.recordsStackTraces, inbox: inbox)
    scheduleDelay = limits.scheduleDelay
    shutdownTimeout = configuration.shutdownTimeout
    self.logger = logger
    reloader = rules.path.map { [host] path in
      RuleReloader(host, running: rules.directory, path: path, interval: rules.watchInterval) { outcome in
        Self.tell(outcome, logger)
      } withoutEvents: { reason in
        logger.notice("edits of the rules are only seen by looking", metadata: ["reason": "\(reason)"])
      }
    }
  }

  /// Sends spans until the task is cancelled; then what is left is lost, and counted.
  func run() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.queue.run() }
      group.addTask { await self.drain.run(self.wakes, delay: self.scheduleDelay) }
      group.addTask { await self.host.runTraces() }
      if let reloader { group.addTask { await reloader.run() } }
    }
  }

  /// Brings what has ended until now to the backend, or as far as it goes until the task is cancelled. Traces whose root
  /// has not ended are held on.
  func forceFlush() async {
    await drain.drainAll()
    await host.decideEndedTraces()
    await queue.forceFlush()
  }

  /// The same for good: all traces are decided.
  func finish() async {
    await drain.drainAll()
    await host.drainTraces()
    await queue.forceFlush()
  }

  /// To be called when nothing runs any more.
  func tellWhatIsLeft() {
    guard host.heldSpans > 0 else { return }
    logger.notice("ended while traces were held", metadata: ["spans": "\(host.heldSpans)"])
  }

  private static func tell(_ outcome: RuleReloader.Outcome, _ logger: Logger) {
    switch outcome {
    case .unchanged: break
    case .restored: logger.notice("the rules say again what runs: their fault is mended")
    case .swapped(_, let directory):
      logger.notice("the rules were edited and are in force", metadata: ["digest": "\(directory.digest)"])
    case .failed(let refused):
      refused.errors.tell("the rules were edited and are not in force: those that ran go on", logger)
    }
  }
}
