/// How long lanes stood still to exchange one set of rules for another.
package struct ExchangePauses: Sendable, Equatable {
  /// The upper bounds of the buckets, in seconds.
  package static let bounds = [
    0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.1,
  ]

  /// How many pauses fell into each bucket, and behind them those that were longer than any bound.
  package private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  /// The sum of all, in seconds.
  package private(set) var sum = 0.0
  /// The longest, in seconds.
  package private(set) var longest = 0.0

  package init() {}

  package mutating func add(_ pause: Duration) {
    let seconds = pause / .seconds(1)
    counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    sum += seconds
    longest = max(longest, seconds)
  }
}
