internal import Synchronization

/// The port that the system has chosen, for those who wait for it.
final class BoundPort: Sendable {
  private enum State {
    case waiting([CheckedContinuation<Int, any Error>])
    case settled(Result<Int, any Error>)
  }

  private let state = Mutex(State.waiting([]))

  var value: Int {
    get async throws {
      try await withCheckedThrowingContinuation { continuation in
        let result: Result<Int, any Error>? = state.withLock { state in
          switch state {
          case .settled(let result): return result
          case .waiting(let continuations):
            state = .waiting(continuations + [continuation])
            return nil
          }
        }
        if let result { continuation.resume(with: result) }
      }
    }
  }

  /// The first call settles it.
  func set(_ result: Result<Int, any Error>) {
    let waiting: [CheckedContinuation<Int, any Error>] = state.withLock { state in
      guard case .waiting(let continuations) = state else { return [] }
      state = .settled(result)
      return continuations
    }
    for continuation in waiting { continuation.resume(with: result) }
  }
}
