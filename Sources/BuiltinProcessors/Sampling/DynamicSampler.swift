internal import Synchronization

/// Says for each trace with which probability it should stay, so that about so many a second do: rare kinds are kept
/// whole, common ones share what is left evenly.
///
/// It counts the traces of each kind in intervals of ten seconds, and keeps an exponential moving average of the counts. A
/// kind is expected to come as often as its average says, or as it has come in this interval where that is more already; one
/// that is new, as often as it has come so far, for the whole of the interval.
/// The probability follows from counts alone and not from the trace's randomness: so it can be written as a sampling
/// threshold, and what is counted in the traces that stay can be scaled up again. Safe to call from every shard; a call
/// takes one lock.
public final class DynamicSampler: Sendable {
  /// How many kinds are told apart; those beyond count as one.
  public static let maximumKinds = 1024
  private static let interval = Duration.seconds(10)
  /// The weight of the interval that has just ended in the average.
  private static let weight = 0.5

  fileprivate struct Kind {
    /// Traces in an interval, of those that have ended.
    var average = 0.0
    /// Traces in this interval.
    var count = 0.0

    /// Traces that are expected in the whole interval.
    /// - Parameter passed: the part of it that has passed.
    func expected(_ passed: Double) -> Double {
      // Before some have come, a kind that is rare cannot be told from one that is common.
      average == 0 && count >= 8 ? count / passed : max(average, count)
    }

    /// Ends an interval, and some behind it in which nothing came.
    mutating func end(quiet: Int) {
      average = average == 0 ? count : average + (count - average) * weight
      for _ in 0..<min(quiet, 64) { average *= 1 - weight }
      count = 0
    }
  }

  fileprivate struct State {
    var kinds: [UInt64: Kind] = [:]
    /// All kinds for which there was no room.
    var others = Kind()
    /// The number of the interval.
    var interval = 0
    /// Traces in this interval.
    var count = 0
    /// The count at which the demands are measured again.
    var nextMeasure = 1
    var fairness = MaxMinFairness()
  }

  private let state = Mutex(State())
  /// The time since some moment in the past.
  private let elapsed: @Sendable () -> Duration

  /// - Parameter clock: what time is read from.
  public init(clock: some Clock<Duration> = ContinuousClock()) {
    let start = clock.now
    elapsed = { start.duration(to: clock.now) }
  }

  /// Counts a trace, and says with which probability it should stay.
  /// - Parameters:
  ///   - kind: what it is a kind of, as a hash.
  ///   - perSecond: how many traces of all kinds should stay in a second. What was counted holds for any number.
  /// - Returns: 0 to 1.
  public func share(ofKind kind: UInt64, perSecond: Double) -> Double {
    let time = elapsed() / Self.interval
    let interval = Int(time)
    // What comes at the very beginning says little of the rest.
    let passed = max(time - Double(interval), 0.1)
    let budget = (perSecond > 0 ? perSecond : 0) * (Self.interval / .seconds(1))
    return state.withLock { state in
      // Readings of two shards can arrive out of order; time never runs backwards here.
      if interval > state.interval { state.begin(interval) }
      let expected = state.add(kind, passed)
      if state.count >= state.nextMeasure { state.measure(passed) }
      return min(state.fairness.level(budget) / expected, 1)
    }
  }
}

extension DynamicSampler.State {
  /// - Returns: how many of the kind are expected in this interval.
  fileprivate mutating func add(_ kind: UInt64, _ passed: Double) -> Double {
    count += 1
    if kinds[kind] != nil || kinds.count < DynamicSampler.maximumKinds {
      kinds[kind, default: DynamicSampler.Kind()].count += 1
      return kinds[kind]?.expected(passed) ?? 1
    }
    others.count += 1
    return others.expected(passed)
  }

  /// Begins an interval: what was counted goes into the averages, and kinds that have ceased to come are forgotten.
  fileprivate mutating func begin(_ new: Int) {
    let quiet = new - interval - 1
    interval = new
    for (kind, var counts) in kinds {
      counts.end(quiet: quiet)
      kinds[kind] = counts.average < 0.5 ? nil : counts
    }
    others.end(quiet: quiet)
    count = 0
    nextMeasure = 1
  }

  /// Measures the demands, and again when an eighth more has come: so a burst and kinds that are new are shared with soon,
  /// and measuring costs little.
  fileprivate mutating func measure(_ passed: Double) {
    fairness.measure((kinds.values.map { $0.expected(passed) } + [others.expected(passed)]).filter { $0 > 0 })
    nextMeasure = count + max(count / 8, 1)
  }
}
