internal import HostServices
internal import Logging
internal import ProcessorHost
internal import RuleApproval
internal import Synchronization

/// Which sets of rules were rolled back, and the one of which nobody has decided yet what becomes of it.
final class RuleRollbacks: Sendable {
  private struct State {
    var content: RollbackMemory.Content
    /// The digest of a set that a person has just decided to run.
    var accepted: String?
    var counts: [ProbationFault.Kind: Int] = [:]
  }

  /// More are rolled back only where something writes one broken set after the other.
  private static let maximumBarred = 64

  /// Where they are remembered; nil where that is nowhere, or nothing is to be written.
  private let memory: RollbackMemory?
  private let logger: Logger
  private let state: Mutex<State>

  init(_ settings: RuleSettings, isTrial: Bool, _ logger: Logger) throws(ApprovalError) {
    self.logger = logger
    let memory = settings.lastGood.map { RollbackMemory(in: $0) }
    state = Mutex(State(content: try memory?.load() ?? RollbackMemory.Content()))
    self.memory = isTrial ? nil : memory
  }

  /// The rollback of which nobody has decided yet.
  var pending: RollbackMemory.Pending? { state.withLock { $0.content.pending } }

  /// How many sets were rolled back for a reason.
  func total(_ kind: ProbationFault.Kind) -> Int { state.withLock { $0.counts[kind] ?? 0 } }

  func count(_ kind: ProbationFault.Kind) { state.withLock { $0.counts[kind, default: 0] += 1 } }

  /// What stays hidden where a set runs: nothing beside one that a person decided to run.
  func kept(beside digest: String) -> HidePolicy {
    state.withLock { $0.accepted == digest ? HidePolicy() : $0.content.pending?.kept ?? HidePolicy() }
  }

  /// A set that was rolled back is not tried again, however often it is written.
  /// - Throws: `RuleErrors` with the reason.
  func check(_ directory: RuleDirectory, at path: String?) throws(RuleErrors) {
    let digest = directory.digest
    let (found, isUndecided) = state.withLock { state in
      (
        state.accepted == digest ? nil : state.content.barred.last { $0.digest == digest },
        state.content.pending?.failed == digest
      )
    }
    if let found { throw Self.errors(found, isUndecided: isUndecided, at: path) }
  }

  /// - Parameter isUndecided: whether nobody has decided yet what becomes of them.
  static func errors(_ barred: RollbackMemory.Barred, isUndecided: Bool = true, at path: String?) -> RuleErrors {
    let advice =
      isUndecided
      ? "mend them, or decide: processor-host rules accept runs them nonetheless, processor-host rules revert shows again "
        + "what only they hid"
      : "to have them tried again, change something about them, and be it a comment"
    return RuleErrors([
      RuleError(
        file: path ?? "rules",
        message: "these rules were rolled back at \(barred.time): \(barred.reason); \(advice)")
    ])
  }

  // MARK: What becomes of sets

  func rolledBack(_ pending: RollbackMemory.Pending) {
    change { state in
      state.content.pending = pending
      state.content.barred.removeAll { $0.digest == pending.failed }
      state.content.barred.append(.init(digest: pending.failed, time: pending.time, reason: pending.reason))
      state.content.barred.removeFirst(max(state.content.barred.count - Self.maximumBarred, 0))
    }
  }

  /// The host has started with the rules that ran last: nobody has edited these, so that they decide nothing when they
  /// pass. They may be others than ran after the rollback, which may have had no approval to be kept with.
  func started(_ digest: String) { state.withLock { $0.content.pending?.running = digest } }

  /// From now on, and until it is said of nil, a set may run although it was rolled back.
  func accept(_ digest: String?) { state.withLock { $0.accepted = digest } }

  /// Whether a set runs since a person decided so.
  func isAccepted(_ digest: String) -> Bool { state.withLock { $0.accepted == digest } }

  /// Somebody has decided.
  /// - Parameter isTriedAgain: whether the set that was rolled back may run.
  func decided(isTriedAgain: Bool = false) {
    change { state in
      if isTriedAgain, let failed = state.content.pending?.failed {
        state.content.barred.removeAll { $0.digest == failed }
      }
      state.content.pending = nil
    }
  }

  private func change(_ body: (inout State) -> Void) {
    let content = state.withLock { state in
      body(&state)
      return state.content
    }
    guard let memory else { return }
    do throws(ApprovalError) { try memory.save(content) } catch {
      logger.error(
        "what was rolled back cannot be remembered for the next start", metadata: ["error": "\(error)"])
    }
  }
}
