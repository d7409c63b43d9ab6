internal import Synchronization

/// A clock that stands still until a test moves it.
final class ManualClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var offset: Duration

    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct Sleeper {
    var deadline: Instant
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(offset: .zero)
    var sleepers: [Int: Sleeper] = [:]
    var next = 0
  }

  private let state = Mutex(State())

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }
  /// The time since the beginning.
  var elapsed: Duration { now.offset }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let ticket = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let result = state.withLock { state -> Result<Void, any Error>? in
          if Task.isCancelled { return .failure(CancellationError()) }
          if deadline <= state.now { return .success(()) }
          state.sleepers[ticket] = Sleeper(deadline: deadline, continuation: continuation)
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: ticket) }?.continuation.resume(throwing: CancellationError())
    }
  }

  /// Moves the time on, and wakes those whose time has come.
  func advance(by duration: Duration) { advance { $0.advanced(by: duration) } }

  private func advance(_ change: (Instant) -> Instant) {
    let awake = state.withLock { state in
      state.now = max(state.now, change(state.now))
      let now = state.now
      let due = state.sleepers.filter { $0.value.deadline <= now }
      for ticket in due.keys { state.sleepers[ticket] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in awake { continuation.resume() }
  }

  /// Until it is cancelled: moves the time on to the next one who sleeps for at most `longest`. Those who sleep longer,
  /// such as for the timeout of an attempt that is about to be answered, are left alone.
  func run(sleepsUpTo longest: Duration) async {
    while !Task.isCancelled {
      let next = state.withLock { state in
        state.sleepers.values.map(\.deadline).filter { state.now.duration(to: $0) <= longest }.min()
      }
      if let next { advance { _ in next } }
      try? await Task.sleep(for: .microseconds(200))
    }
  }

  /// Returns once as many as that sleep.
  func waitForSleepers(_ count: Int) async {
    await eventually { state.withLock { $0.sleepers.count } >= count }
  }
}
