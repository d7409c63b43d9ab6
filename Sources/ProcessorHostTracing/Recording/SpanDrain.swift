internal import ProcessorHost
internal import Synchronization

/// Brings the spans that wait through the rules and into the queue, on the host's lanes.
final class SpanDrain: Sendable {
  private let inbox: SpanInbox
  private let host: SpanProcessorHost
  private let queue: SpanQueue
  /// What stands before all spans of a batch: the resource's fields, and the scope's.
  private let header: [UInt8]
  private let resource: Range<Int>
  private let scope: Range<Int>
  /// One batch at a time, so that whoever waits for it knows what it has brought.
  private let turn = AsyncTurn()

  /// How long it waits before it tries again where the queue is full.
  private static let rest = Duration.milliseconds(50)

  init(inbox: SpanInbox, host: SpanProcessorHost, queue: SpanQueue, resource: [UInt8], scope: [UInt8]) {
    self.inbox = inbox
    self.host = host
    self.queue = queue
    header = resource + scope
    self.resource = 0..<resource.count
    self.scope = resource.count..<header.count
  }

  /// Brings spans on whenever so many wait, or the delay is over, until the task is cancelled.
  /// - Parameter wakes: an element whenever so many wait.
  func run(_ wakes: AsyncStream<Void>, delay: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in wakes { await self.drainAll() }
      }
      group.addTask {
        while (try? await Task.sleep(for: delay)) != nil {
          await self.drainAll()
          self.queue.flush()
        }
      }
    }
  }

  /// Brings on what waits now; waits for room where there is none. Gives up where the task is cancelled.
  func drainAll() async {
    while await !drain() {
      if (try? await Task.sleep(for: Self.rest)) == nil { return }
    }
  }

  /// - Returns: false where something waits and there is no room for it.
  private func drain() async -> Bool {
    await turn.take()
    defer { turn.giveBack() }
    defer { inbox.updateLimit() }
    if inbox.waiting == 0 { return true }
    guard let reservation = queue.reserve(spans: inbox.waiting, bytes: inbox.waitingBytes) else { return false }
    let (bytes, spans) = inbox.take(after: header)
    let batch = SpanBatch(
      bytes: bytes, resources: [SpanBatch.Container(prefix: resource, suffix: 0..<0, children: 0..<1)],
      scopes: [SpanBatch.Container(prefix: scope, suffix: 0..<0, children: 0..<spans.count)], spans: spans)
    let processed = await host.processNumbered(batch)
    queue.add(SpanBatch(processed.parts), ruleSet: processed.ruleSet, for: reservation)
    return true
  }
}
