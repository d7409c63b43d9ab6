internal import Synchronization

/// Gathers finished spans into batches for every exporter, with the semantics of OpenTelemetry's batch processor: a
/// batch leaves when it is full, or when the delay is over.
///
/// OpenTelemetry specification: SDK, Batching processor.
public final class SpanQueue: Sendable {
  /// When a batch leaves.
  public struct Limits: Sendable, Equatable {
    /// The most spans of one batch, 1 or more. OTEL_BSP_MAX_EXPORT_BATCH_SIZE, 512.
    public var batchSize: Int
    /// The longest a span waits for its batch to become full. OTEL_BSP_SCHEDULE_DELAY, 5 s.
    public var scheduleDelay: Duration
    /// Spans that may be inside before nothing more is admitted. OTEL_BSP_MAX_QUEUE_SIZE, 2048.
    public var spans: Int
    /// Bytes that may be inside before nothing more is admitted.
    public var bytes: Int

    /// Limits; by default OpenTelemetry's, and 64 MiB.
    public init(
      batchSize: Int = 512, scheduleDelay: Duration = .seconds(5), spans: Int = 2048, bytes: Int = 64 << 20
    ) {
      self.batchSize = batchSize
      self.scheduleDelay = scheduleDelay
      self.spans = spans
      self.bytes = bytes
    }
  }

  /// Spans in the batch under construction, that came together.
  fileprivate struct Piece {
    var parts: SpanBatch.Parts
    var count: Int { parts.spans.count }
  }

  fileprivate struct State {
    var pieces: [Piece] = []
    var spans = 0
    var bytes = 0
    var ruleSet = RuleSetNumber()
    /// Spans for which room is made, and those that are between the batch under construction and the exporters.
    var reservedSpans = 0
    var reservedBytes = 0
  }

  /// A batch that was cut, and what it takes up until the exporters have it.
  fileprivate struct Cut {
    var pieces: [Piece]
    var spans: Int
    var bytes: Int
    var ruleSet: RuleSetNumber
  }

  private let exporters: [ExportQueue]
  /// When a batch leaves, and how much may be inside.
  public let limits: Limits
  private let clock: any Clock<Duration>
  private let state = Mutex(State())
  private let closing = OneTimeSignal()

  /// - Parameter clock: what the delay is measured by.
  public init(
    _ exporters: [ExportQueue], limits: Limits = Limits(), clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.exporters = exporters
    self.limits = limits
    self.clock = clock
  }

  // MARK: Admission

  /// Room for spans that are being processed.
  public struct Reservation: ~Copyable, Sendable {
    fileprivate var spans: Int
    fileprivate var bytes: Int
  }

  /// Makes room for a request, or says that there is none.
  ///
  /// There is room while what is inside, with all that is reserved, is below the limits: so that one request may
  /// overshoot them, and a client that sends more at a time than the queue holds is not refused for ever. What counts
  /// is what is inside the fullest of the exporters that are required.
  /// - Returns: the reservation, to be given to `add` or `release`; nil where the host is full.
  public func reserve(spans: Int, bytes: Int) -> Reservation? {
    state.withLock { state in
      let waitingSpans = state.spans + state.reservedSpans
      let waitingBytes = state.bytes + state.reservedBytes
      if isFull(waitingSpans, waitingBytes) { return nil }
      state.reservedSpans += spans
      state.reservedBytes += bytes
      return Reservation(spans: spans, bytes: bytes)
    }
  }

  /// Whether a request would be refused now.
  public var isFull: Bool {
    state.withLock { isFull($0.spans + $0.reservedSpans, $0.bytes + $0.reservedBytes) }
  }

  private func isFull(_ spans: Int, _ bytes: Int) -> Bool {
    if spans >= limits.spans || bytes >= limits.bytes { return true }
    return exporters.contains { $0.isRequired && $0.isFull(withSpans: spans, bytes: bytes) }
  }

  /// Gives room back for which nothing came.
  public func release(_ reservation: consuming Reservation) {
    let spans = reservation.spans
    let bytes = reservation.bytes
    state.withLock { $0.release(spans, bytes) }
  }

  // MARK: Batches

  /// Adds spans to the batch under construction; batches that are full are handed to the exporters.
  public func add(
    _ batch: consuming SpanBatch, ruleSet: RuleSetNumber = RuleSetNumber(), for reservation: consuming Reservation
  ) {
    let parts = batch.takeParts()
    let spans = reservation.spans
    let bytes = reservation.bytes
    let full = state.withLock { state in
      state.release(spans, bytes)
      return state.add(parts, ruleSet, max(limits.batchSize, 1))
    }
    for cut in full { send(cut) }
    // Nothing would send it any more.
    if closing.hasFired { flush() }
  }

  /// Adds spans for which no room was made, since they were held elsewhere, within limits of their own.
  package func add(_ batch: consuming SpanBatch, ruleSet: RuleSetNumber) {
    add(batch, ruleSet: ruleSet, for: Reservation(spans: 0, bytes: 0))
  }

  /// Spans in the batch under construction, and their bytes.
  public var gathered: (spans: Int, bytes: Int) { state.withLock { ($0.spans, $0.bytes) } }

  /// What is inside: with what is reserved, and what the fullest of the required exporters has.
  package var inside: (spans: Int, bytes: Int) {
    let own = state.withLock { (spans: $0.spans + $0.reservedSpans, bytes: $0.bytes + $0.reservedBytes) }
    return exporters.filter(\.isRequired).map(\.account).reduce(own) { sum, account in
      (max(sum.spans, own.spans + account.inside), max(sum.bytes, own.bytes + account.insideBytes))
    }
  }

  /// Hands the batch under construction to the exporters.
  public func flush() {
    let rest = state.withLock { $0.cut() }
    if let rest { send(rest) }
  }

  /// Hands the batch under construction to the exporters, and returns when everything that was inside at the call has come
  /// to its end: exported, refused or lost. What is added meanwhile is not waited for. Returns early where the task is
  /// cancelled. OpenTelemetry specification: SDK, ForceFlush.
  public func forceFlush() async {
    flush()
    await withDiscardingTaskGroup { group in
      for exporter in exporters { group.addTask { await exporter.waitForAllInside() } }
    }
  }

  private func send(_ cut: Cut) {
    var request: [UInt8] = []
    for piece in cut.pieces { SpanBatch(piece.parts).encode(into: &request) }
    let batch = QueuedBatch(ExportBatch(request: request, spanCount: cut.spans, ruleSet: cut.ruleSet))
    for exporter in exporters { exporter.offer(batch) }
    // Only now, so that at no moment more is admitted because a batch is neither here nor there.
    state.withLock { $0.release(cut.spans, cut.bytes) }
  }

  /// Spans inside that have not been hidden by this set or a newer one: those of the batch under construction, and of
  /// the exporter that has most of them.
  package func spans(hiddenBefore number: RuleSetNumber) -> Int {
    let gathered = state.withLock { $0.ruleSet < number ? $0.spans : 0 }
    return gathered + (exporters.map { $0.spans(hiddenBefore: number) }.max() ?? 0)
  }

  // MARK: Running

  /// Sends batches until `close`; what is gathered then leaves, and the exporters' queues are sent empty. Where the
  /// task is cancelled, what is left is lost, and counted.
  public func run() async {
    await withDiscardingTaskGroup { group in
      for exporter in exporters { group.addTask { await exporter.run() } }
      while !closing.hasFired && !Task.isCancelled {
        await closing.wait(atMost: limits.scheduleDelay, on: clock)
        flush()
      }
      // Where the task was cancelled, nothing else would tell `add` that it is the last one to flush.
      closing.fire()
      flush()
      for exporter in exporters { exporter.close() }
    }
  }

  /// Lets `run` end once everything has been sent. What is added later is lost, and counted.
  public func close() { closing.fire() }

  /// The accounts of the exporters, by name.
  public var accounts: [String: ExportAccount] {
    Dictionary(exporters.map { ($0.name, $0.account) }) { first, _ in first }
  }
}

extension SpanQueue: TraceOutput {
  package var hasRoom: Bool { !isFull }
}

extension SpanQueue.State {
  mutating func release(_ spans: Int, _ bytes: Int) {
    reservedSpans -= spans
    reservedBytes -= bytes
  }

  /// Adds spans; the batches that became full.
  mutating func add(
    _ parts: SpanBatch.Parts, _ ruleSet: RuleSetNumber, _ batchSize: Int
  ) -> [SpanQueue.Cut] {
    var full: [SpanQueue.Cut] = []
    // A batch never mixes rule sets.
    if ruleSet != self.ruleSet, let before = cut() { full.append(before) }
    self.ruleSet = ruleSet
    let count = parts.spans.count
    var start = 0
    while start < count {
      let end = min(count, start + batchSize - spans)
      let piece = SpanQueue.Piece(parts: SpanBatch(parts).slice(start..<end).takeParts())
      pieces.append(piece)
      spans += piece.count
      bytes += piece.parts.spans.reduce(0) { $0 + $1.count }
      start = end
      if spans >= batchSize, let batch = cut() { full.append(batch) }
    }
    return full
  }

  /// Takes the batch under construction, where there is anything in it. What it takes up stays reserved.
  mutating func cut() -> SpanQueue.Cut? {
    if pieces.isEmpty { return nil }
    defer {
      reservedSpans += spans
      reservedBytes += bytes
      pieces = []
      spans = 0
      bytes = 0
    }
    return SpanQueue.Cut(pieces: pieces, spans: spans, bytes: bytes, ruleSet: ruleSet)
  }
}
