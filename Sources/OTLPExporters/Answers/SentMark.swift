internal import Synchronization

/// Whether a request has been handed to a connection: before, a failure means that nobody has it; from then on, that
/// somebody may.
package final class SentMark: Sendable {
  private let flag = Atomic(false)

  package init() {}

  package var isSet: Bool { flag.load(ordering: .acquiring) }

  package func set() { flag.store(true, ordering: .releasing) }
}
