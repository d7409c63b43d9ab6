internal import Synchronization

/// A clock that the simulation moves. Nobody sleeps by it.
final class SimulatedClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var offset: Duration

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private let time = Mutex(Instant(offset: .zero))

  var now: Instant { time.withLock(\.self) }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    preconditionFailure("the simulation asks hosts what is due, so nobody sleeps")
  }

  /// Sets the time; it never goes back.
  func advance(to seconds: Double) {
    time.withLock { $0 = max($0, Instant(offset: .seconds(seconds))) }
  }
}
