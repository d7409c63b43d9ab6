internal import BuiltinProcessors
internal import ProcessorHost
internal import Synchronization

/// A clock that stands still while a span goes through both sets, so that a rate lets it through both or neither.
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

/// Rates of one of two sets that are compared, counted by a clock that they share. Those of the set that runs are not
/// touched.
final class ShadowRates: RateLimitNative {
  private let clock: HeldClock
  private let limiters = Mutex<[String: RateLimiter]>([:])

  init(_ clock: HeldClock) { self.clock = clock }

  func take(_ name: String, perSecond: Double) -> Bool {
    let limiter = limiters.withLock { known in
      if let limiter = known[name], limiter.perSecond == perSecond { return limiter }
      let limiter = RateLimiter(perSecond: perSecond, clock: clock)
      known[name] = limiter
      return limiter
    }
    return limiter.take()
  }
}
