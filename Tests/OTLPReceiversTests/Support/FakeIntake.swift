import ProcessorHost
import Synchronization

/// Takes requests, keeps them, and answers as it was told.
final class FakeIntake: TraceIntake {
  struct Request: Equatable {
    var body: [UInt8]
    var format: RequestFormat
  }

  private struct State {
    var requests: [Request] = []
    var outcome = IntakeOutcome.accepted(refusedSpans: 0, reason: nil)
    var refusal: IntakeOutcome?
    var isHeld = false
    var held: [CheckedContinuation<Void, Never>] = []
    var watchers: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  init(_ outcome: IntakeOutcome = .accepted(refusedSpans: 0, reason: nil), refusal: IntakeOutcome? = nil) {
    state.withLock {
      $0.outcome = outcome
      $0.refusal = refusal
    }
  }

  var requests: [Request] { state.withLock { $0.requests } }

  var refusal: IntakeOutcome? {
    get { state.withLock { $0.refusal } }
    set { state.withLock { $0.refusal = newValue } }
  }

  func accept(_ request: [UInt8], format: RequestFormat) async -> IntakeOutcome {
    let (isHeld, watchers) = state.withLock { state in
      state.requests.append(Request(body: request, format: format))
      defer { state.watchers = [] }
      return (state.isHeld, state.watchers)
    }
    for watcher in watchers { watcher.resume() }
    if isHeld {
      await withCheckedContinuation { continuation in
        let goesOn = state.withLock { state in
          if state.isHeld { state.held.append(continuation) }
          return !state.isHeld
        }
        if goesOn { continuation.resume() }
      }
    }
    return state.withLock { $0.outcome }
  }

  /// Lets requests wait inside `accept` until `release`.
  func hold() { state.withLock { $0.isHeld = true } }

  func release() {
    let held = state.withLock { state in
      state.isHeld = false
      defer { state.held = [] }
      return state.held
    }
    for continuation in held { continuation.resume() }
  }

  /// Returns once a request has come in.
  func arrival() async {
    await withCheckedContinuation { continuation in
      let isHere = state.withLock { state in
        if state.requests.isEmpty { state.watchers.append(continuation) }
        return !state.requests.isEmpty
      }
      if isHere { continuation.resume() }
    }
  }
}
