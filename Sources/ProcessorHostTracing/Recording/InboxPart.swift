internal import ProcessorHost
internal import Synchronization

/// A part of the inbox: spans that some of the app's threads have ended.
///
/// `@unchecked Sendable`: everything but the lock is touched by those alone who hold it.
final class InboxPart: @unchecked Sendable {
  private let lock = Mutex(())
  private var buffer: WireBuffer?
  private var spans: [Range<Int>] = []

  /// A span that takes up more does not fit, whatever else waits.
  private static let maximumSpan = 8 << 20
  /// What one burst needed is not kept for ever.
  private static let keptCapacity = 4 << 20

  /// Writes a span, unless somebody else is at this part.
  /// - Returns: how many bytes it has: 0 where it is too large and was left out; nil where nothing was done.
  func appendIfFree(_ encode: (WireBuffer) -> Void) -> Int? { lock.withLockIfAvailable { _ in write(encode) } }

  /// The same; waits for its turn.
  func append(_ encode: (WireBuffer) -> Void) -> Int { lock.withLock { _ in write(encode) } }

  private func write(_ encode: (WireBuffer) -> Void) -> Int {
    let buffer = buffer ?? WireBuffer(capacity: 64 << 10)
    self.buffer = buffer
    let start = buffer.count
    encode(buffer)
    let length = buffer.count - start
    if length > Self.maximumSpan {
      buffer.truncate(to: start)
      return 0
    }
    spans.append(start..<buffer.count)
    return length
  }

  /// Moves what waits behind other spans.
  /// - Returns: how many spans there were, and their bytes.
  func take(_ bytes: inout [UInt8], _ all: inout [Range<Int>]) -> (count: Int, length: Int) {
    lock.withLock { _ in
      guard let buffer, !spans.isEmpty else { return (0, 0) }
      let offset = bytes.count
      bytes.append(contentsOf: buffer.bytes)
      for span in spans { all.append(span.lowerBound + offset..<span.upperBound + offset) }
      defer {
        buffer.truncate(to: 0)
        if buffer.capacity > Self.keptCapacity { self.buffer = nil }
        spans.removeAll(keepingCapacity: spans.count <= 4096)
      }
      return (spans.count, buffer.count)
    }
  }
}
