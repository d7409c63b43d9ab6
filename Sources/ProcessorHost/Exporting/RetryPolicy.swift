/// How long to wait between attempts. OTLP specification: OTLP/gRPC throttling, OTLP/HTTP throttling.
public struct RetryPolicy: Sendable, Equatable {
  /// The longest wait before the second attempt.
  public var initialInterval: Duration
  /// What each further wait is longer by.
  public var multiplier: Double
  /// The longest wait between two attempts.
  public var maximumInterval: Duration
  /// How long a batch is tried, from its first attempt; then it is lost and counted. A wait that the backend asks for
  /// and that would end later is not begun.
  public var maximumElapsed: Duration

  /// A policy; the defaults are those of OpenTelemetry's collector: 5 s, doubling up to 30 s, for 300 s.
  public init(
    initialInterval: Duration = .seconds(5), multiplier: Double = 2, maximumInterval: Duration = .seconds(30),
    maximumElapsed: Duration = .seconds(300)
  ) {
    self.initialInterval = initialInterval
    self.multiplier = multiplier
    self.maximumInterval = maximumInterval
    self.maximumElapsed = maximumElapsed
  }

  /// The wait after an attempt that failed, from 1; nil where the time is used up.
  ///
  /// Half of the interval is left to chance, so that hosts that lost a backend together do not come back together. What
  /// the backend asks for is waited for whole, and chance adds at most a tenth; but a backend that asks for no time at
  /// all is not asked again and again: a tenth of the first interval is the least.
  /// - Parameters:
  ///   - elapsed: how long the batch has been tried.
  ///   - random: a number from 0 up to 1.
  package func wait(afterAttempt attempt: Int, elapsed: Duration, asked: Duration?, random: Double) -> Duration? {
    let interval = (initialInterval * pow(multiplier, attempt - 1)).clamped(to: maximumInterval)
    let wait = asked.map { max($0, initialInterval / 10) * (1 + random / 10) } ?? interval * (0.5 + random / 2)
    return elapsed + wait <= maximumElapsed ? wait : nil
  }

  private func pow(_ base: Double, _ exponent: Int) -> Double {
    // Beyond this the interval has long been at its maximum.
    (0..<min(exponent, 64)).reduce(1) { product, _ in min(product * base, 1e9) }
  }
}

extension Duration {
  fileprivate func clamped(to maximum: Duration) -> Duration { self < maximum ? self : maximum }
}
