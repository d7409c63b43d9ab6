internal import BuiltinProcessors
internal import Foundation
internal import HostReporting
internal import Logging
internal import ProcessorHost
internal import Synchronization

/// What became of edits of the rules: kept for whoever asks, and told to the log.
final class ReloadRecord: Sendable {
  struct Current {
    /// The digest of the rules in force, and since when they are.
    var digest: String
    var loadedAt = Date()
    /// How many edits came into force, and how many did not.
    var swapped = 0
    var failed = 0
    /// How many spans were inside at the last swap, to be hidden again before they leave.
    var hiddenAgain = 0
  }

  private let logger: Logger
  private let ruleGuard: RuleGuard
  private let inside: @Sendable (RuleSetNumber) -> Int
  private let state: Mutex<Current>

  /// - Parameter inside: how many spans are inside that have not been hidden by a set or a newer one.
  init(
    digest: String, _ ruleGuard: RuleGuard, inside: @escaping @Sendable (RuleSetNumber) -> Int, _ logger: Logger
  ) {
    self.logger = logger
    self.ruleGuard = ruleGuard
    self.inside = inside
    state = Mutex(Current(digest: digest))
  }

  var current: Current { state.withLock { $0 } }

  /// A set runs again that ran before.
  func ranAgain(_ digest: String) {
    state.withLock { state in
      state.digest = digest
      state.loadedAt = Date()
    }
  }

  func add(_ outcome: RuleReloader.Outcome) {
    switch outcome {
    case .unchanged: break
    case .restored:
      if ruleGuard.rollbacks.pending == nil {
        logger.notice("the rules say again what runs: their fault is mended")
      } else {
        logger.warning(
          """
          the rules say again what runs, and what was rolled back hid more, which stays hidden: decide with \
          processor-host rules revert or rules accept, or mend the edit
          """)
      }
    case .swapped(let number, let directory):
      let digest = directory.digest
      let hiddenAgain = inside(number)
      let before = state.withLock { state in
        defer {
          state.digest = digest
          state.loadedAt = Date()
          state.swapped += 1
          state.hiddenAgain = hiddenAgain
        }
        return state.digest
      }
      ruleGuard.swapped(directory, before: before)
      logger.notice(
        ruleGuard.rollbacks.isAccepted(digest)
          ? "the rules that were rolled back are in force, as somebody decided"
          : "the rules were edited and are in force",
        metadata: ["digest": "\(digest)", "set": "\(number.value)", "hidden_again": "\(hiddenAgain)"])
    case .failed(let refused):
      let running = state.withLock { state in
        state.failed += 1
        return state.digest
      }
      ruleGuard.refused(refused.directory, refused.errors, before: running)
      refused.errors.tell("the rules were edited and are not in force: those that ran go on", logger)
    }
  }
}
