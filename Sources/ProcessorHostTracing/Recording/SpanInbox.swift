internal import ProcessorHost
internal import Synchronization

/// Finished spans of the app, as their bytes, until a lane takes them.
///
/// Bounded in spans and in bytes: what comes when it is full is dropped, and counted. Threads write to parts of their own as
/// far as that goes, so that they do not wait for each other.
final class SpanInbox: Sendable {
  /// Why a span was dropped before a rule saw it.
  enum Loss: Int, CaseIterable {
    case queueFull, queueBytes, shutdown
  }

  private let parts: [InboxPart]
  private let limit: Atomic<Int>
  private let maximumBytes: Int
  private let waitingSpans = Atomic(0)
  private let bytesThatWait = Atomic(0)
  private let isClosed = Atomic(false)
  private let lost: [Counter]
  private let wakeAt: Int
  private let wake: @Sendable () -> Void
  private let room: @Sendable () -> Int

  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  /// - Parameters:
  ///   - maximumSpans: the most spans that may be inside the whole backend.
  ///   - maximumBytes: the most bytes that may wait here.
  ///   - wakeAt: how many spans wait when `wake` is called.
  ///   - room: how many spans may wait here, by what is inside behind it.
  init(
    maximumSpans: Int, maximumBytes: Int, wakeAt: Int, parts: Int = ThreadPart.count,
    wake: @escaping @Sendable () -> Void, room: @escaping @Sendable () -> Int
  ) {
    limit = Atomic(maximumSpans)
    self.maximumBytes = maximumBytes
    self.wakeAt = wakeAt
    self.wake = wake
    self.room = room
    self.parts = (0..<max(parts, 1)).map { _ in InboxPart() }
    lost = Loss.allCases.map { _ in Counter() }
  }

  /// Spans that wait. One that is taken before it was counted makes the count negative for a moment.
  var waiting: Int { max(waitingSpans.load(ordering: .relaxed), 0) }

  /// How many bytes they take up.
  var waitingBytes: Int { max(bytesThatWait.load(ordering: .relaxed), 0) }

  /// How many spans were dropped for a reason.
  func lost(_ reason: Loss) -> Int { lost[reason.rawValue].value.load(ordering: .relaxed) }

  /// Takes a span that `encode` writes.
  func add(_ encode: (WireBuffer) -> Void) {
    guard hasRoom() else { return }
    let before = write(encode)
    if before + 1 == wakeAt { wake() }
  }

  /// Takes no more, until for ever.
  func close() { isClosed.store(true, ordering: .releasing) }

  private func hasRoom() -> Bool {
    if isClosed.load(ordering: .acquiring) {
      drop(.shutdown)
      return false
    }
    if waitingBytes >= maximumBytes {
      drop(.queueBytes)
      return false
    }
    if waiting < limit.load(ordering: .relaxed) { return true }
    // What is inside behind may have gone meanwhile. Not asked for each span: it takes locks that the lanes use.
    let count = drop(.queueFull)
    if count & 15 == 0 { updateLimit() }
    return false
  }

  /// Asks how much room there is.
  func updateLimit() { limit.store(room(), ordering: .relaxed) }

  @discardableResult
  private func drop(_ reason: Loss) -> Int {
    lost[reason.rawValue].value.add(1, ordering: .relaxed).newValue
  }

  /// - Returns: how many spans waited before.
  private func write(_ encode: (WireBuffer) -> Void) -> Int {
    let own = ThreadPart.index
    var length: Int?
    for step in 0..<parts.count {
      length = parts[(own &+ step) % parts.count].appendIfFree(encode)
      if length != nil { break }
    }
    let taken = length ?? parts[own % parts.count].append(encode)
    guard taken > 0 else {
      drop(.queueBytes)
      return 0
    }
    bytesThatWait.add(taken, ordering: .relaxed)
    return waitingSpans.add(1, ordering: .relaxed).oldValue
  }

  /// Takes everything that waits.
  /// - Parameter prefixes: what stands before all spans; the ranges of what is returned count from its beginning.
  func take(after prefixes: [UInt8]) -> (bytes: [UInt8], spans: [Range<Int>]) {
    var bytes = prefixes
    bytes.reserveCapacity(prefixes.count + waitingBytes)
    var spans: [Range<Int>] = []
    spans.reserveCapacity(waiting)
    for part in parts {
      let (count, length) = part.take(&bytes, &spans)
      bytesThatWait.subtract(length, ordering: .relaxed)
      waitingSpans.subtract(count, ordering: .relaxed)
    }
    return (bytes, spans)
  }
}
