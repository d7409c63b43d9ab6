internal import BuiltinProcessors
internal import HostServices
internal import Logging
internal import ProcessorHost
internal import RuleApproval
internal import Synchronization

/// Tries each set that comes into force on live spans, rolls it back where it is worse than the one before, and does what
/// people then decide.
final class RuleProbation: Sendable {
  /// A set, and the numbers under which it has run.
  private struct Era {
    var directory: RuleDirectory
    /// Where what is being counted now begins.
    var first: RuleSetNumber
    /// What it had counted before, where it ran before.
    var carried = RuleSetFigures()
    /// Whether it has passed.
    var isProven = false
  }

  private struct State {
    var running: Era
    /// The set that runs again if that one is worse; the same where there is none.
    var proven: Era
    /// Since when the set that runs is on probation; nil while it is not.
    var since: Timestamp?

    var hasSetBefore: Bool { running.directory != proven.directory }
  }

  private let host: SpanProcessorHost
  private let ruleGuard: RuleGuard
  private let record: ReloadRecord
  private let required: Duration
  private let path: String?
  private let watch: ProbationWatch
  private let logger: Logger
  private let state: Mutex<State>
  /// Told of each set that is to be watched; of several at once the last one counts.
  private let (begun, begin) = AsyncStream.makeStream(of: RuleDirectory.self, bufferingPolicy: .bufferingNewest(1))

  /// - Parameter required: how long a probation takes; zero for none.
  init(
    _ rules: RuleAssembly, _ record: ReloadRecord, required: Duration, clock: any Clock<Duration> = ContinuousClock(),
    _ logger: Logger
  ) {
    host = rules.host
    ruleGuard = rules.ruleGuard
    path = rules.path
    self.record = record
    self.required = required
    self.logger = logger
    watch = ProbationWatch(clock: clock)
    let first = Era(directory: rules.directory, first: rules.host.ruleSetNumber)
    state = Mutex(State(running: first, proven: first))
    // Rules that are in no directory are not edited.
    if path != nil { start(rules.directory) }
  }

  private var rollbacks: RuleRollbacks { ruleGuard.rollbacks }

  /// Since when the set that runs is on probation; nil while it is not.
  var since: Timestamp? { state.withLock { $0.since } }

  // MARK: Watching

  /// A set has taken the place of another.
  func swapped(_ directory: RuleDirectory, _ number: RuleSetNumber) {
    let isKnown = state.withLock { state in
      var before = state.running
      before.carried += host.retiredFigures(since: before.first)
      let next = Era(directory: directory, first: number)
      // A set that has not passed is none to go back to, nor to compare with, where another has.
      if !state.hasSetBefore { state.proven = before }
      state.since = nil
      guard state.proven.directory == directory else {
        state.running = next
        return false
      }
      // Nothing is proven anew by writing what ran before, nor is what has never passed.
      state.proven.first = number
      state.running = state.proven
      return state.proven.isProven
    }
    if rollbacks.isAccepted(directory.digest) {
      rollbacks.decided(isTriedAgain: true)
      prove()
    } else if isKnown {
      prove()
    } else {
      start(directory)
    }
  }

  private func start(_ directory: RuleDirectory) {
    if required == .zero {
      prove()
    } else {
      state.withLock { $0.since = .now() }
    }
    begin.yield(directory)
  }

  /// The set that runs is no longer on probation.
  private func prove(_ reason: String? = nil) {
    ruleGuard.confirm(reason)
    state.withLock { state in
      state.running.isProven = true
      state.proven = state.running
      state.since = nil
    }
  }

  /// A set is watched no more, and has not passed.
  private func giveUp(_ directory: RuleDirectory) {
    state.withLock { if $0.running.directory == directory { $0.since = nil } }
  }

  /// Watches sets on probation until the task is cancelled.
  func run(_ reloader: RuleReloader) async {
    for await directory in begun {
      if required == .zero {
        await leaveRollback(directory, reloader)
        continue
      }
      let before = state.withLock { $0.hasSetBefore ? $0.proven.carried : nil }
      let verdict = await watch.run(Probation(required, before: before)) { [self] in
        guard let first = state.withLock({ $0.running.directory == directory ? $0.running.first : nil }) else {
          return nil
        }
        return await host.figures(since: first)
      }
      switch verdict {
      case nil, .goesOn: continue
      case .passed: await passed(directory, reloader)
      case .failed(let fault): await failed(directory, fault, reloader)
      }
    }
  }

  private func passed(_ directory: RuleDirectory, _ reloader: RuleReloader) async {
    // So that it is this set, and none that comes into force at this moment, which is proven.
    let isDone = await reloader.exclusively { running, _ in
      guard running == directory, state.withLock({ $0.since != nil && $0.running.directory == directory }) else {
        return false
      }
      prove("spans came for \(required.settingText), and nothing was worse than before")
      return true
    }
    guard isDone else { return }
    logger.notice("the rules have passed their probation", metadata: ["digest": "\(directory.digest)"])
    await leaveRollback(directory, reloader)
  }

  /// An edited set has shown that it holds: somebody edited, and that decides what becomes of a set that was rolled back
  /// before.
  private func leaveRollback(_ directory: RuleDirectory, _ reloader: RuleReloader) async {
    guard let pending = rollbacks.pending, pending.running != directory.digest else { return }
    do {
      let number = try await reloader.replace(directory, with: directory, keeping: HidePolicy()) { [rollbacks] _ in
        rollbacks.decided()
      }
      if number == nil { return }
      logger.notice(
        "the rules that were edited are proven: what was hidden since the rollback is only hidden where they hide it",
        metadata: ["digest": "\(directory.digest)", "rolled_back": "\(pending.failed)"])
    } catch {
      logger.error("what was hidden since the rollback stays hidden", metadata: ["error": "\(error)"])
    }
  }

  // MARK: Rolling back

  private func failed(_ directory: RuleDirectory, _ fault: ProbationFault, _ reloader: RuleReloader) async {
    let metadata: Logger.Metadata = [
      "digest": "\(directory.digest)", "kind": "\(fault.kind.rawValue)", "reason": "\(fault.message)",
    ]
    guard let proven = state.withLock({ $0.hasSetBefore ? $0.proven : nil }) else {
      giveUp(directory)
      ruleGuard.failedWithoutRollback("on probation, with no set to go back to: \(fault.message)")
      logger.error("the rules fail, and there are none that ran before: mend them", metadata: metadata)
      return
    }
    let failed = directory.digest
    let time = Timestamp.now()
    let barred = RollbackMemory.Barred(digest: failed, time: "\(time)", reason: fault.message)
    do {
      // Whatever the set hides that fails stays hidden, and what was hidden beside it.
      let number = try await reloader.replace(
        directory, with: proven.directory, keeping: host.ruleSet.policy.forEverySpan,
        fault: RuleRollbacks.errors(barred, at: path)
      ) { [self] number in
        state.withLock { state in
          state.running = Era(
            directory: proven.directory, first: number, carried: proven.carried, isProven: proven.isProven)
          state.proven = state.running
          state.since = nil
        }
        record.ranAgain(proven.directory.digest)
        rollbacks.rolledBack(
          RollbackMemory.Pending(
            failed: failed, running: proven.directory.digest, time: "\(time)", reason: fault.message,
            kept: host.ruleSet.policy.forEverySpan))
        ruleGuard.rolledBack(fault)
        // It was edited away before it had passed, and still has to.
        if !proven.isProven { start(proven.directory) }
        // Whoever sees the figure finds all else as it is now.
        rollbacks.count(fault.kind)
      }
      if number == nil { return }
      logger.error(
        "the rules were rolled back: those before run again, and what either hides stays hidden until a person decides",
        metadata: metadata.merging(["running": "\(proven.directory.digest)"]) { $1 })
    } catch {
      giveUp(directory)
      ruleGuard.failedWithoutRollback("on probation, and cannot be rolled back: \(fault.message); \(error)")
      logger.critical(
        "the rules fail and cannot be rolled back: mend them", metadata: metadata.merging(["error": "\(error)"]) { $1 })
    }
  }

  // MARK: Decisions

  /// Runs the set that was rolled back, after the usual admission.
  /// - Returns: what was done.
  func accept(_ reloader: RuleReloader) async throws(RefusedDecision) -> String {
    guard let pending = rollbacks.pending else { throw .nothingPending }
    rollbacks.accept(pending.failed)
    defer { rollbacks.accept(nil) }
    await reloader.reload(judgingAgain: true)
    // Another look may have been under way, and have done it.
    if state.withLock({ $0.running.directory.digest }) == pending.failed {
      return "the rules that were rolled back run, and are not on probation"
    }
    if let refused = reloader.refused, refused.directory?.digest == pending.failed {
      throw RefusedDecision("the rules that were rolled back may not run: \(refused.errors)")
    }
    throw RefusedDecision(
      "the files are no longer those that were rolled back (digest \(pending.failed)): put them back, or decide "
        + "with: processor-host rules revert")
  }

  /// Lets the set that runs run alone, without what was hidden beside it since the rollback.
  /// - Returns: what was done.
  func revert(_ reloader: RuleReloader) async throws(RefusedDecision) -> String {
    guard let pending = rollbacks.pending else { throw .nothingPending }
    let running = state.withLock { $0.running.directory }
    let number: RuleSetNumber?
    do {
      number = try await reloader.replace(running, with: running, keeping: HidePolicy()) { [rollbacks] _ in
        rollbacks.decided()
      }
    } catch {
      throw RefusedDecision("the rules cannot be loaded: \(error)")
    }
    if number == nil {
      throw RefusedDecision("the rules have been edited at this moment: look at them, and decide again")
    }
    ruleGuard.reverted(running, from: pending.failed)
    logger.notice(
      "a person decided that the rules which run stay, and that nothing is hidden beside them",
      metadata: ["digest": "\(running.digest)", "rolled_back": "\(pending.failed)"])
    return "the rules that run stay, and nothing is hidden beside them"
  }
}
