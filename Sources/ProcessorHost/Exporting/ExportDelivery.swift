/// Brings one batch to its end: attempts, waits between them, and parts of what was refused as a whole.
struct ExportDelivery: Sendable {
  let exporter: any SpanExporter
  let timeout: Duration
  let retry: RetryPolicy
  let observer: any ExportObserver
  let clock: any Clock<Duration>
  /// Fired when the host is to end: waits are cut short.
  let closing: OneTimeSignal
  /// What hides a batch again before each attempt, where other rules have come into force since.
  let hiding: (any QueuedSpanHiding)?

  /// The longest wait between attempts once the host is to end.
  private static let closingInterval = Duration.seconds(1)

  /// How many requests may go into finding the spans of a batch that are refused: enough for two of 512. A backend
  /// that refuses everything must not be asked once for each span.
  private static let requestsToFind = 40

  /// A part of the batch, and what is known of it.
  private struct Part {
    var queued: QueuedBatch
    /// The bytes it is counted with.
    var bytes: Int
    var attempts = 0
    var isUncertain = false
    var spanCount: Int { queued.spanCount }

    init(_ queued: QueuedBatch, bytes: Int) {
      self.queued = queued
      self.bytes = bytes
    }

    init(_ batch: ExportBatch) { self.init(QueuedBatch(batch), bytes: batch.request.count) }
  }

  /// How the delivery of a batch goes.
  private struct Course {
    let start: Stopwatch
    var requestsLeft = ExportDelivery.requestsToFind
    /// Bytes that the batch has more than it had when it came, since it was hidden again.
    var growth = 0
  }

  /// Tries until everything in the batch is settled, or the task is cancelled.
  /// - Parameter bytes: those it is counted with.
  /// - Returns: those it is counted with in the end.
  func deliver(
    _ batch: QueuedBatch, bytes: Int, settle: @Sendable (ExportAccount.Settlement) -> Void
  ) async -> Int {
    var course = Course(start: Stopwatch(clock))
    var parts = [Part(batch, bytes: bytes)]
    while let part = parts.popLast() {
      if Task.isCancelled {
        lose(part, .shutdown, "the time to end was over", settle)
        continue
      }
      guard let rest = await attempt(part, &course, settle) else { continue }
      parts += rest
    }
    return bytes + course.growth
  }

  /// One attempt; what has to be tried again, in the order of a stack. Nil or empty where the part is settled.
  private func attempt(
    _ part: Part, _ course: inout Course, _ settle: (ExportAccount.Settlement) -> Void
  ) async -> [Part]? {
    var part = part
    guard let batch = await part.queued.hidden(by: hiding) else {
      lose(part, .unhidden, "they cannot be hidden by the rules that came into force while they waited", settle)
      return nil
    }
    let growth = batch.request.count - part.bytes
    if growth != 0 {
      settle(.resized(growth))
      part.bytes += growth
      course.growth += growth
    }
    part.attempts += 1
    let spans = part.spanCount
    settle(.attempted)
    let outcome = await exportWithTimeout(batch)
    var again: (reason: String, after: Duration?)
    switch outcome {
    case .exported:
      settleUncertainty(&part, settle)
      settle(.exported(spans))
      return nil
    case .partial(let rejected, let message):
      settleUncertainty(&part, settle)
      let rejected = min(max(rejected, 0), spans)
      settle(.exported(spans - rejected))
      if rejected > 0 { refuse(rejected, message, settle) }
      return nil
    case .refused(let message):
      settleUncertainty(&part, settle)
      refuse(spans, message, settle)
      return nil
    case .invalid(let message):
      settleUncertainty(&part, settle)
      course.requestsLeft -= 1
      guard course.requestsLeft > 0, let halves = batch.halves() else {
        refuse(spans, message, settle)
        return nil
      }
      return [Part(halves.1), Part(halves.0)]
    case .tooLarge(let message):
      settleUncertainty(&part, settle)
      guard let halves = batch.halves() else {
        refuse(spans, message, settle)
        return nil
      }
      return [Part(halves.1), Part(halves.0)]
    case .retry(let reason, let after): again = (reason, after)
    case .uncertain(let reason):
      if !part.isUncertain { settle(.uncertain(spans)) }
      part.isUncertain = true
      again = (reason, nil)
    }
    guard await wait(part, course.start, again) else {
      lose(part, Task.isCancelled ? .shutdown : .retriesExhausted, again.reason, settle)
      return nil
    }
    return [part]
  }

  /// Waits before the next attempt; false where there is to be none.
  private func wait(_ part: Part, _ start: Stopwatch, _ again: (reason: String, after: Duration?)) async -> Bool {
    if Task.isCancelled { return false }
    guard
      let wait = retry.wait(
        afterAttempt: part.attempts, elapsed: start.elapsed, asked: again.after, random: Double.random(in: 0..<1))
    else { return false }
    if closing.hasFired {
      try? await clock.sleep(for: min(wait, Self.closingInterval))
    } else {
      await closing.wait(atMost: wait, on: clock)
    }
    return !Task.isCancelled
  }

  private func exportWithTimeout(_ batch: ExportBatch) async -> ExportOutcome {
    let start = ContinuousClock.now
    let outcome = await withTaskGroup(of: ExportOutcome?.self) { group in
      group.addTask { await exporter.export(batch) }
      group.addTask {
        try? await clock.sleep(for: timeout)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      if let first { return first }
      // The exporter has been cancelled, and knows best what became of the request.
      let answer = await group.next() ?? nil
      return answer ?? .uncertain("no answer within \(timeout)")
    }
    observer.attempted(
      exporter: exporter.name, spans: batch.spanCount, bytes: batch.request.count,
      duration: ContinuousClock.now - start, outcome: outcome)
    return outcome
  }

  /// Gives a part up. Where the backend may have it, that is what its operators have to know.
  private func lose(
    _ part: Part, _ reason: ExportAccount.Loss, _ message: String, _ settle: (ExportAccount.Settlement) -> Void
  ) {
    var part = part
    let reason = part.isUncertain ? .unanswered : reason
    settleUncertainty(&part, settle)
    settle(.lost(part.spanCount, reason))
    observer.lost(exporter: exporter.name, spans: part.spanCount, reason: reason, message: message)
  }

  private func refuse(_ spans: Int, _ message: String, _ settle: (ExportAccount.Settlement) -> Void) {
    settle(.refused(spans))
    observer.refused(exporter: exporter.name, spans: spans, message: message)
  }

  private func settleUncertainty(_ part: inout Part, _ settle: (ExportAccount.Settlement) -> Void) {
    if part.isUncertain { settle(.uncertain(-part.spanCount)) }
    part.isUncertain = false
  }
}

/// The time since something began, on any clock.
private struct Stopwatch: Sendable {
  private let read: @Sendable () -> Duration

  var elapsed: Duration { read() }

  init(_ clock: any Clock<Duration>) { read = Self.reader(clock) }

  private static func reader(_ clock: some Clock<Duration>) -> @Sendable () -> Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
  }
}
