internal import Synchronization

/// Says of each kind of event once a minute that it is worth a line in the log.
final class Reminder: Sendable {
  private static let interval = Duration.seconds(60)
  private let last = Mutex<[String: ContinuousClock.Instant]>([:])

  /// - Parameter event: one of a few that the source names, never what a client sends.
  func isDue(_ event: String) -> Bool {
    let now = ContinuousClock.now
    return last.withLock { last in
      if let before = last[event], now - before < Self.interval { return false }
      last[event] = now
      return true
    }
  }
}
