internal import Synchronization

/// Takes OTLP requests as they came, from any number of tasks: admission, the door, the rules, and the queue.
///
/// Admission is all or nothing and comes before the rules: a request is admitted while the queue is below its limits,
/// or not at all. It is answered once what survived is in the batch under construction.
public final class SpanIntake: Sendable {
  /// What was counted on the way in.
  public struct Account: Sendable, Equatable {
    /// Requests that were taken, wholly or in part.
    public var acceptedRequests = 0
    /// Requests of which nothing could be read.
    public var malformedRequests = 0
    /// Requests for which there was no room.
    public var pushedBackRequests = 0
    /// Spans that came in.
    public var acceptedSpans = 0
    /// Spans that the door refused.
    public var refusedSpans = 0
    /// Bytes of the requests that were taken, as they were read: decompressed.
    public var acceptedBytes = 0
    /// What the door put right.
    public var notes = DoorNotes()

    /// An account with nothing in it.
    public init() {}
  }

  private let host: SpanProcessorHost
  private let queue: SpanQueue
  private let retryAfter: Duration
  private let state = Mutex((account: Account(), isClosed: false))

  /// - Parameter retryAfter: what a client is asked to wait when there is no room.
  public init(host: SpanProcessorHost, queue: SpanQueue, retryAfter: Duration = .seconds(1)) {
    self.host = host
    self.queue = queue
    self.retryAfter = retryAfter
    host.deliverTraces(to: queue)
  }

  /// What was counted so far.
  public var account: Account { state.withLock { $0.account } }
}

extension SpanIntake: TraceIntake {
  /// Why nothing would be taken now; nil where it would be. Costs next to nothing.
  public var refusal: IntakeOutcome? {
    if state.withLock({ $0.isClosed }) { return .closed }
    return queue.isFull ? .full(retryAfter: retryAfter) : nil
  }

  /// Takes a request.
  public func accept(_ request: [UInt8], format: RequestFormat) async -> IntakeOutcome {
    if state.withLock({ $0.isClosed }) { return .closed }
    guard let reservation = queue.reserve(spans: Self.spans(in: request, format), bytes: request.count) else {
      state.withLock { $0.account.pushedBackRequests += 1 }
      return .full(retryAfter: retryAfter)
    }
    let processed = await host.process(request, format)
    queue.add(SpanBatch(processed.parts), ruleSet: processed.ruleSet, for: reservation)
    let count = request.count
    state.withLock { $0.account.add(processed, bytes: count) }
    if let reason = processed.malformed { return .malformed(reason) }
    return .accepted(refusedSpans: processed.refusedSpans, reason: processed.firstRefusal)
  }

  /// Takes nothing more.
  public func close() { state.withLock { $0.isClosed = true } }

  /// The spans of a request, for which room is made. In JSON a span of the usual size has a kilobyte or more.
  private static func spans(in request: [UInt8], _ format: RequestFormat) -> Int {
    format == .json ? request.count / 1024 + 1 : SpanCount.count(in: request)
  }
}

extension SpanIntake.Account {
  fileprivate mutating func add(_ processed: ProcessedRequest, bytes: Int) {
    refusedSpans += processed.refusedSpans
    notes += processed.notes
    if processed.malformed != nil {
      malformedRequests += 1
      return
    }
    acceptedRequests += 1
    acceptedSpans += processed.admittedSpans
    acceptedBytes += bytes
  }
}
