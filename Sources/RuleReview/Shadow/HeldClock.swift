internal import Synchronization

/// A clock that stands still while a span goes through both sets, so that a rate lets it through both or neither. Each set
/// has rates of its own, and those of the set that runs are not touched.
final class HeldClock: Clock, Sendable {
  private let time: Mutex<ContinuousClock.Instant>

  init() { time = Mutex(.now) }

  var now: ContinuousClock.Instant { time.withLock { $0 } }

  var minimumResolution: Duration { .nanoseconds(1) }

  /// Goes on to what time it is.
  func advance() { time.withLock { $0 = .now } }

  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
    try await ContinuousClock().sleep(until: deadline, tolerance: tolerance)
  }
}
