internal import ProcessorHost
internal import Synchronization

/// Notes what the last span says of what was dropped from it.
final class DroppedCounts: SpanProcessor {
  let name = "dropped-counts"
  private let counts = Mutex<(attributes: UInt32, events: UInt32, links: UInt32)?>(nil)

  var last: (attributes: UInt32, events: UInt32, links: UInt32)? { counts.withLock { $0 } }

  func onEnding(_ span: borrowing ReadWriteSpan) {
    let found = span.droppedCounts
    counts.withLock { $0 = found }
  }
}
