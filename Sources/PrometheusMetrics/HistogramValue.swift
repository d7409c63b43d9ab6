/// Observations, counted by buckets.
public struct HistogramValue: Sendable, Equatable {
  /// Bounds for durations in seconds: from half a millisecond, a quick export on the same machine, to the time after
  /// which a request is given up.
  public static let durationBounds = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]

  /// The upper bounds of the buckets, rising; a bound belongs to its bucket. Behind them is one for all the rest.
  public let bounds: [Double]
  /// Observations in each bucket alone, one more than there are bounds.
  public private(set) var counts: [Int]
  /// The sum of all observations.
  public private(set) var sum = 0.0

  /// No observations.
  /// - Parameter bounds: rising; none leaves only the sum and the number.
  public init(bounds: [Double] = Self.durationBounds) {
    self.bounds = bounds
    counts = [Int](repeating: 0, count: bounds.count + 1)
  }

  /// Observations that somebody else has counted.
  /// - Parameter counts: those in each bucket alone, one more than there are bounds.
  public init(bounds: [Double], counts: [Int], sum: Double) {
    precondition(counts.count == bounds.count + 1)
    self.bounds = bounds
    self.counts = counts
    self.sum = sum
  }

  /// How many observations there are.
  public var count: Int { counts.reduce(0, +) }

  /// Adds an observation.
  public mutating func observe(_ value: Double) {
    var bucket = 0
    // NaN is in no bucket but the last.
    while bucket < bounds.count, !(value <= bounds[bucket]) { bucket += 1 }
    counts[bucket] += 1
    sum += value
  }
}
