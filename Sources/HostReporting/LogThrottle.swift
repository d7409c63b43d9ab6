internal import Synchronization

/// Lets a message of one kind through now and then, so that a backend that is away for an hour does not fill the log.
package final class LogThrottle: Sendable {
  private struct Entry {
    var last: ContinuousClock.Instant
    var heldBack = 0
  }

  private let interval: Duration
  private let entries = Mutex<[String: Entry]>([:])

  package init(interval: Duration = .seconds(10)) { self.interval = interval }

  /// Whether a message of this kind may be written now: then how many were held back since the last; otherwise nil.
  package func pass(_ kind: String) -> Int? {
    let now = ContinuousClock.now
    return entries.withLock { entries in
      guard var entry = entries[kind] else {
        entries[kind] = Entry(last: now)
        return 0
      }
      if now - entry.last < interval {
        entry.heldBack += 1
        entries[kind] = entry
        return nil
      }
      entries[kind] = Entry(last: now)
      return entry.heldBack
    }
  }
}
