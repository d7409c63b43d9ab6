internal import Synchronization

/// Whether a request has been handed to a connection: before, a failure means that nobody has it; from then on, that
/// somebody may.
final class SentMark: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .acquiring) }

  func set() { flag.store(true, ordering: .releasing) }
}
