internal import Synchronization

/// Lets so many through a second, and a burst at once: a token bucket.
///
/// How probable it was for a span to pass is unknown afterwards, so whoever keeps a span because of it must erase the
/// span's sampling threshold. Safe to call from every lane; a call takes one uncontended lock.
public final class RateLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    /// Up to when tokens were filled in.
    var filled: Duration
  }

  /// How many pass in a second, in the long run.
  public let perSecond: Double
  /// How many can pass at once after a quiet time.
  public let burst: Double

  private let bucket: Mutex<Bucket>
  /// The time since some moment in the past.
  private let elapsed: @Sendable () -> Duration

  /// A full bucket.
  ///
  /// - Parameters:
  ///   - perSecond: zero, or anything that is not a number above it, lets nothing through.
  ///   - burst: by default as many as pass in a second, and at least one.
  ///   - clock: what time is read from.
  public init(perSecond: Double, burst: Double? = nil, clock: some Clock<Duration> = ContinuousClock()) {
    let rate = perSecond > 0 ? perSecond : 0
    self.perSecond = rate
    self.burst = rate == 0 ? 0 : max(burst ?? rate, 1)
    let start = clock.now
    elapsed = { start.duration(to: clock.now) }
    bucket = Mutex(Bucket(tokens: self.burst, filled: .zero))
  }

  /// Takes a token; false where none is left.
  public func take() -> Bool {
    let now = elapsed()
    return bucket.withLock { bucket in
      // Readings of two lanes can arrive out of order; time never runs backwards for the bucket.
      if now > bucket.filled {
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.filled) / .seconds(1) * perSecond)
        bucket.filled = now
      }
      guard bucket.tokens >= 1 else { return false }
      bucket.tokens -= 1
      return true
    }
  }
}
