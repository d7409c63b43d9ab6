internal import Synchronization

/// The batches that wait for one exporter, their retries, and the account of their spans.
///
/// A backend that is slow or away costs memory up to the limits, and no other exporter anything. An exporter that is
/// *required* pushes back: the host admits nothing more while its queue is full. One that is not loses batches and
/// counts them.
public final class ExportQueue: Sendable {
  /// How much may wait, and how much may be on its way.
  public struct Limits: Sendable, Equatable {
    /// Spans that may be inside before the queue is full. OTEL_BSP_MAX_QUEUE_SIZE, 2048.
    public var spans: Int
    /// Bytes that may be inside before the queue is full.
    public var bytes: Int
    /// Requests that may be on their way at a time, 1 or more.
    public var concurrency: Int
    /// How long one attempt may take. OTEL_BSP_EXPORT_TIMEOUT, 30 s.
    public var exportTimeout: Duration

    /// Limits; by default OpenTelemetry's, 64 MiB, and four requests at a time.
    public init(
      spans: Int = 2048, bytes: Int = 64 << 20, concurrency: Int = 4, exportTimeout: Duration = .seconds(30)
    ) {
      self.spans = spans
      self.bytes = bytes
      self.concurrency = concurrency
      self.exportTimeout = exportTimeout
    }
  }

  /// A batch and the bytes it is counted with: it may be hidden again for another exporter while it waits here.
  fileprivate struct Waiting: Sendable {
    var batch: QueuedBatch
    var bytes: Int
  }

  fileprivate struct State {
    var account = ExportAccount()
    var batches: [Waiting?] = []
    /// How many of `batches` have been taken; their places are nil.
    var taken = 0
    /// Of the batches that are being delivered, how many spans they came with and by which set these were hidden.
    var underWay: [ObjectIdentifier: (spans: Int, hiddenUnder: RuleSetNumber)] = [:]
    var workers: [Int: CheckedContinuation<Waiting?, Never>] = [:]
    var nextTicket = 0
    var isClosed = false
    /// Those who wait until certain batches have come to their end.
    var flushes: [Int: Flush] = [:]
  }

  fileprivate struct Flush: Sendable {
    var batches: Set<ObjectIdentifier>
    var done: CheckedContinuation<Void, Never>
  }

  /// The exporter's name.
  public let name: String
  /// Whether it pushes back.
  public let isRequired: Bool
  let limits: Limits
  private let exporter: any SpanExporter
  private let observer: any ExportObserver
  private let delivery: ExportDelivery
  private let state = Mutex(State())
  private let closing = OneTimeSignal()

  /// - Parameters:
  ///   - isRequired: whether the host admits nothing more while this queue is full.
  ///   - hiding: what hides spans again that waited while other rules came into force; usually the host.
  ///   - clock: what waiting is measured by.
  public init(
    _ exporter: any SpanExporter, isRequired: Bool, limits: Limits = Limits(), retry: RetryPolicy = RetryPolicy(),
    observer: any ExportObserver = SilentExportObserver(), hiding: (any QueuedSpanHiding)? = nil,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    name = exporter.name
    self.isRequired = isRequired
    self.limits = limits
    self.exporter = exporter
    self.observer = observer
    delivery = ExportDelivery(
      exporter: exporter, timeout: limits.exportTimeout, retry: retry, observer: observer, clock: clock,
      closing: closing, hiding: hiding)
  }

  /// What became of the spans so far.
  public var account: ExportAccount { state.withLock { $0.account } }

  /// Whether the queue is at its limit with so much more inside.
  func isFull(withSpans spans: Int, bytes: Int) -> Bool {
    state.withLock { $0.account.inside + spans >= limits.spans || $0.account.insideBytes + bytes >= limits.bytes }
  }

  /// Takes a batch. Where it is full and not required, and after its end, the batch is lost and counted.
  package func offer(_ batch: ExportBatch) { offer(QueuedBatch(batch)) }

  func offer(_ batch: QueuedBatch) {
    var loss: ExportAccount.Loss?
    let waiting = Waiting(batch: batch, bytes: batch.batch.request.count)
    let worker = state.withLock { state -> CheckedContinuation<Waiting?, Never>? in
      state.account.received += batch.spanCount
      let isFull = state.account.inside >= limits.spans || state.account.insideBytes >= limits.bytes
      if state.isClosed || (isFull && !isRequired) {
        let reason = state.isClosed ? ExportAccount.Loss.shutdown : .queueFull
        state.account.lost[reason, default: 0] += batch.spanCount
        loss = reason
        return nil
      }
      state.account.inside += batch.spanCount
      state.account.insideBytes += waiting.bytes
      if let (ticket, worker) = state.workers.first {
        state.workers[ticket] = nil
        state.begin(waiting)
        return worker
      }
      state.batches.append(waiting)
      return nil
    }
    worker?.resume(returning: waiting)
    if let loss { observer.lost(exporter: name, spans: batch.spanCount, reason: loss, message: "") }
  }

  /// Sends what comes until the queue is closed and empty, or the task is cancelled: then what is left is lost, and
  /// counted.
  public func run() async {
    await withDiscardingTaskGroup { group in
      for _ in 0..<max(limits.concurrency, 1) {
        group.addTask {
          while let waiting = await self.next() { await self.deliver(waiting) }
        }
      }
    }
    loseTheRest()
    await exporter.shutdown()
  }

  /// Lets `run` end once everything is sent. Waits between attempts become short.
  public func close() {
    let workers = state.withLock { state in
      state.isClosed = true
      defer { state.workers = [:] }
      return state.workers
    }
    for worker in workers.values { worker.resume(returning: nil) }
    closing.fire()
  }

  // MARK: Workers

  private func next() async -> Waiting? {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // Nil while there is nothing: then the worker stands in line.
        let answer = state.withLock { state -> Waiting?? in
          if Task.isCancelled { return .some(nil) }
          if let waiting = state.takeFirst() {
            state.begin(waiting)
            return waiting
          }
          if state.isClosed { return .some(nil) }
          state.workers[ticket] = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      state.withLock { $0.workers.removeValue(forKey: ticket) }?.resume(returning: nil)
    }
  }

  private func deliver(_ waiting: Waiting) async {
    let batch = waiting.batch
    let bytes = await delivery.deliver(batch, bytes: waiting.bytes) { settlement in
      self.state.withLock { $0.account.settle(settlement) }
    }
    let flushed = state.withLock { state in
      state.underWay[ObjectIdentifier(batch)] = nil
      state.account.insideBytes -= bytes
      return state.ended(ObjectIdentifier(batch))
    }
    for flush in flushed { flush.resume() }
  }

  /// Returns when all batches that are inside now have come to their end, or the task is cancelled.
  func waitForAllInside() async {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          let batches = state.batchesInside
          if batches.isEmpty || Task.isCancelled { return true }
          state.flushes[ticket] = Flush(batches: batches, done: continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.flushes.removeValue(forKey: ticket) }?.done.resume()
    }
  }

  /// Spans inside that have not been hidden by this set or a newer one.
  func spans(hiddenBefore number: RuleSetNumber) -> Int {
    state.withLock { state in
      let underWay = state.underWay.values.reduce(0) { $0 + ($1.hiddenUnder < number ? $1.spans : 0) }
      return state.batches[state.taken...].reduce(underWay) { sum, waiting in
        guard let batch = waiting?.batch, batch.batch.hiddenUnder < number else { return sum }
        return sum + batch.spanCount
      }
    }
  }

  private func loseTheRest() {
    let (rest, flushed) = state.withLock { state in
      state.isClosed = true
      var spans = 0
      var flushed: [CheckedContinuation<Void, Never>] = []
      while let waiting = state.takeFirst() {
        spans += waiting.batch.spanCount
        state.account.insideBytes -= waiting.bytes
        flushed += state.ended(ObjectIdentifier(waiting.batch))
      }
      state.account.settle(.lost(spans, .shutdown))
      return (spans, flushed)
    }
    for flush in flushed { flush.resume() }
    if rest > 0 {
      observer.lost(exporter: name, spans: rest, reason: .shutdown, message: "the time to end was over")
    }
  }
}

extension ExportQueue.State {
  /// Notes that a worker has a batch.
  mutating func begin(_ waiting: ExportQueue.Waiting) {
    underWay[ObjectIdentifier(waiting.batch)] = (waiting.batch.spanCount, waiting.batch.batch.hiddenUnder)
  }

  /// Those that wait, and those that are being delivered.
  var batchesInside: Set<ObjectIdentifier> {
    Set(underWay.keys).union(batches[taken...].compactMap { $0.map { ObjectIdentifier($0.batch) } })
  }

  /// Notes that a batch has come to its end.
  /// - Returns: those who waited for it last.
  mutating func ended(_ batch: ObjectIdentifier) -> [CheckedContinuation<Void, Never>] {
    var done: [CheckedContinuation<Void, Never>] = []
    for (ticket, var flush) in flushes where flush.batches.remove(batch) != nil {
      flushes[ticket] = flush.batches.isEmpty ? nil : flush
      if flush.batches.isEmpty { done.append(flush.done) }
    }
    return done
  }

  mutating func takeFirst() -> ExportQueue.Waiting? {
    guard taken < batches.count else { return nil }
    defer {
      batches[taken] = nil
      taken += 1
      // Room is given back now and then, so that taking is not linear in what waits.
      if taken > 32, taken * 2 > batches.count {
        batches.removeFirst(taken)
        taken = 0
      }
    }
    return batches[taken]
  }
}

extension ExportAccount {
  /// What became of some of the spans inside.
  enum Settlement: Sendable {
    case attempted
    case exported(Int)
    case refused(Int)
    case lost(Int, Loss)
    /// So many more, or fewer, are under way without an answer.
    case uncertain(Int)
    /// They take up so many bytes more, or fewer.
    case resized(Int)
  }

  mutating func settle(_ settlement: Settlement) {
    switch settlement {
    case .attempted: attempts += 1
    case .uncertain(let spans): uncertain += spans
    case .resized(let bytes): insideBytes += bytes
    case .exported(let spans):
      exported += spans
      inside -= spans
    case .refused(let spans):
      refused += spans
      inside -= spans
    case .lost(let spans, let reason):
      if spans > 0 { lost[reason, default: 0] += spans }
      inside -= spans
    }
  }
}
