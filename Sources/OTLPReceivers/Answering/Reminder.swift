internal import Synchronization

/// Says of each kind of event once a minute that it is worth a line in the log.
final class Reminder: Sendable {
  private static let interval = Duration.seconds(60)
  private let last = Mutex<[ReceivedRequest.Outcome: ContinuousClock.Instant]>([:])

  func isDue(_ outcome: ReceivedRequest.Outcome) -> Bool {
    let now = ContinuousClock.now
    return last.withLock { last in
      if let before = last[outcome], now - before < Self.interval { return false }
      last[outcome] = now
      return true
    }
  }
}
