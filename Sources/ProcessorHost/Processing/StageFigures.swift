/// What one stage has done and cost on one lane.
struct StageFigures {
  /// One call of so many is timed: reading the clock for each would cost as much as a small rule.
  private static let timingInterval: UInt = 64

  /// Calls so far.
  private(set) var calls: UInt = 0
  /// Fields that the stage wrote or removed, in calls that did not fail.
  var edits = 0
  private var timed = Duration.zero
  private var timedCalls = 0

  /// The time of all calls, as far as those that were timed speak for the others.
  var seconds: Double {
    timedCalls == 0 ? 0 : timed / .seconds(1) * Double(calls) / Double(timedCalls)
  }

  /// Counts a call; whether it is one to be timed.
  @inline(__always)
  mutating func countsCall() -> Bool {
    calls &+= 1
    return calls % Self.timingInterval == 1
  }

  /// Adds the time of a call that was to be timed.
  mutating func add(_ time: Duration) {
    timed += time
    timedCalls += 1
  }
}
