package import ProcessorHost
internal import Synchronization

/// Requests that wait to be compared: references to what receivers took in, and no copies of it.
///
/// Bounded by number and by bytes. Putting never waits: where there is no room the request is passed over.
package final class ShadowMailbox: Sendable {
  /// A request as it came.
  package struct Request: Sendable {
    package var bytes: [UInt8]
    package var format: RequestFormat

    package init(bytes: [UInt8], format: RequestFormat) {
      self.bytes = bytes
      self.format = format
    }
  }

  private struct State {
    var waiting: [Request] = []
    var bytes = 0
    var isOpen = false
  }

  package static let maximumRequests = 64
  package static let maximumBytes = 8 << 20
  /// A larger request is passed over, so that one cannot take the place of all others.
  package static let maximumRequestBytes = maximumBytes / 2

  private let state = Mutex(State())

  package init() {}

  /// What became of a request that was offered.
  package enum Outcome: Sendable {
    /// Nothing is compared now.
    case closed
    case passedOver
    /// - Parameter isFirst: whether it is the only one.
    case taken(isFirst: Bool)
  }

  package func offer(_ request: Request) -> Outcome {
    state.withLock { state in
      guard state.isOpen else { return .closed }
      guard request.bytes.count <= Self.maximumRequestBytes, state.waiting.count < Self.maximumRequests,
        state.bytes + request.bytes.count <= Self.maximumBytes
      else { return .passedOver }
      state.waiting.append(request)
      state.bytes += request.bytes.count
      return .taken(isFirst: state.waiting.count == 1)
    }
  }

  /// The request that has waited longest.
  package func take() -> Request? {
    state.withLock { state in
      guard !state.waiting.isEmpty else { return nil }
      let request = state.waiting.removeFirst()
      state.bytes -= request.bytes.count
      return request
    }
  }

  /// Takes requests from now on.
  package func open() { state.withLock { $0.isOpen = true } }

  /// Takes none, and lets go of those that wait.
  package func close() { state.withLock { $0 = State() } }
}
