internal import BuiltinProcessors
internal import HostServices
internal import Logging
internal import ProcessorHost
internal import PrometheusMetrics
internal import RuleApproval
internal import Synchronization

/// Decides which sets of rules may run, knows how the one that runs stands, and has it written down what became of each.
final class RuleGuard: RuleAdmission {
  private let gate: ApprovalGate
  private let isTrial: Bool
  private let path: String?
  private let trail: AuditTrail
  private let lastGood: LastGoodKeeper
  let rollbacks: RuleRollbacks
  private let logger: Logger
  private let state = Mutex(State())

  private struct State {
    /// The set that runs.
    var running: RuleStanding?
    /// The set that runs again if that one does not pass its probation.
    var proven: RuleStanding?
    /// The set that was admitted last, and what was said of it then: what stands beside the rules may have changed since.
    var admitted: (digest: String, verdict: ApprovalVerdict)?
    /// The candidate that is being written into the rules directory.
    var promoted: String?
  }

  /// - Parameters:
  ///   - path: the rules directory; nil for rules that are in none.
  ///   - keys: the keys for pseudonyms, by the names that rules call them.
  ///   - isTrial: whether nothing is to be written anywhere: no line of the log, no counter, no copy.
  /// - Throws: `ExitStatus.usage` after saying what is wrong with the policy or the audit log.
  init(
    _ settings: RuleSettings, path: String?, keys: [String: PseudonymKeyRing], isTrial: Bool, _ logger: Logger
  ) throws {
    self.path = path
    self.isTrial = isTrial
    self.logger = logger
    do throws(ApprovalError) {
      gate = try ApprovalGate(settings, path: path, keys: keys)
      trail = try AuditTrail(settings, path: path, isTrial: isTrial, logger)
      lastGood = try LastGoodKeeper(settings, path: path, isTrial: isTrial, logger)
      rollbacks = try RuleRollbacks(settings, isTrial: isTrial, logger)
    } catch {
      StandardError.write(Terminal(isTerminal: StandardError.isTerminal).paint("error: ", .red) + "\(error)")
      throw ExitStatus.usage
    }
  }

  // MARK: Decisions

  var circumstances: String { gate.circumstances }

  /// Says whether the set with which the host starts may run.
  /// - Parameters:
  ///   - rules: its rules that run.
  ///   - source: the directory it was read from; nil for rules that are in none.
  /// - Throws: `RuleErrors` where it may not.
  func admit(first directory: RuleDirectory, _ rules: [RuleDefinition], from source: String?) throws {
    let isLastGood = source != nil && source == lastGood.current
    if !isLastGood { try rollbacks.check(directory, at: path) }
    if gate.asks { try gate.checkTests(of: rules, in: directory) }
    switch gate.verdict(of: directory, at: source) {
    case .approved(let approval):
      if isLastGood { rollbacks.started(directory.digest) }
      run(RuleStanding(directory, from: source, approval))
      trail.write(
        AuditEvent(
          isLastGood ? .rollback : .start, digest: directory.digest,
          reason: (isLastGood ? "the rules are wrong, and these ran last: " : "") + approval.description))
    case .refused(let refusal):
      guard let base = approvedLastGood() else { throw gate.errors(refusal) }
      // What was tightened while nobody could approve it stays hidden over a start.
      try gate.admit(
        try gate.review(directory), after: base, keeping: rollbacks.kept(beside: base.digest), refusal)
      run(RuleStanding(directory, from: source, awaiting: refusal))
      tellOfWaiting(refusal, digest: directory.digest, .start, before: base.digest)
    }
  }

  /// The set that ran last, where it is approved.
  private func approvedLastGood() -> RuleDirectory? {
    guard let kept = try? lastGood.load(), gate.verdict(of: kept, at: lastGood.current).approval != nil else {
      return nil
    }
    return kept
  }

  /// Whether a set is kept for a start with rules that are wrong.
  var hasLastGood: Bool { lastGood.isThere }

  /// The set that ran last, and where it is kept, for a host whose rules are wrong.
  /// - Throws: `RuleErrors` where it cannot be read, or is not what was kept.
  func lastGoodRules() throws(RuleErrors) -> (directory: RuleDirectory, path: String)? {
    guard let path = lastGood.current, let directory = try lastGood.load() else { return nil }
    return (directory, path)
  }

  /// Says whether a set that was edited may take the place of the one that runs. Loads both: not for lanes that spans
  /// wait for.
  /// - Throws: `RuleErrors` where it may not.
  func admit(_ directory: RuleDirectory, after running: RuleDirectory) throws {
    try rollbacks.check(directory, at: path)
    guard gate.asks else { return }
    let reviewed = try gate.review(directory)
    try gate.checkTests(of: reviewed.rules, in: directory)
    let verdict = gate.verdict(of: directory)
    if case .refused(let refusal) = verdict {
      try gate.admit(reviewed, after: running, keeping: rollbacks.kept(beside: running.digest), refusal)
    }
    state.withLock { $0.admitted = (directory.digest, verdict) }
  }

  /// Says whether a candidate may be put in the place of the rules: where approval is asked for, only one that is approved.
  /// - Parameter source: the candidate's directory, with its lock and signatures.
  /// - Throws: `RuleErrors` where it may not.
  func admit(candidate directory: RuleDirectory, at source: String) throws {
    try rollbacks.check(directory, at: source)
    guard gate.asks else { return }
    try gate.checkTests(of: try gate.review(directory).rules, in: directory)
    if let refusal = gate.verdict(of: directory, at: source).refusal {
      throw RuleErrors([RuleError(file: source, message: refusal.reason)])
    }
  }

  /// A candidate is being written into the rules directory, and read from there; nil once that is over.
  func promotes(_ digest: String?) { state.withLock { $0.promoted = digest } }

  /// What a rollback has left hidden stays so beside every set but one that a person decided to run.
  func kept(beside directory: RuleDirectory) -> HidePolicy { rollbacks.kept(beside: directory.digest) }

  // MARK: What became of sets

  private func run(_ standing: RuleStanding) {
    state.withLock { state in
      // A set that has not passed its probation is not one to go back to, unless there is no other.
      if state.proven == nil || state.running?.isProven == true { state.proven = state.running ?? standing }
      state.running = standing
    }
  }

  private func tellOfWaiting(_ refusal: ApprovalRefusal, digest: String, _ kind: AuditEvent.Kind, before: String) {
    logger.warning("the rules that run wait for approval", metadata: ["reason": "\(refusal.reason)"])
    trail.write(
      AuditEvent(
        kind, digest: digest, before: before,
        reason: "tighter than before, and runs before it is approved: \(refusal.reason)"))
  }

  /// A set has taken the place of another.
  func swapped(_ directory: RuleDirectory, before: String) {
    let digest = directory.digest
    let (admitted, isPromoted) = state.withLock { ($0.admitted, $0.promoted == digest) }
    let verdict = admitted?.digest == digest ? admitted?.verdict : nil
    let isAccepted = rollbacks.isAccepted(digest)
    switch verdict ?? gate.verdict(of: directory) {
    case .approved(let approval):
      run(RuleStanding(directory, from: path, approval))
      trail.write(
        AuditEvent(
          isAccepted ? .acceptance : .swap, digest: digest, before: before,
          reason: (isAccepted ? "a person decided that this set runs, which was rolled back: " : "")
            + (isPromoted ? "promoted from the shadow directory: " : "")
            + approval.description))
    case .refused(let refusal):
      run(RuleStanding(directory, from: path, awaiting: refusal))
      tellOfWaiting(refusal, digest: digest, isAccepted ? .acceptance : .swap, before: before)
    }
  }

  /// The set that runs has passed its probation, or needed none: it is kept for the next start, and none with a smaller
  /// counter runs any more.
  /// - Parameter reason: what the audit log is to say of it; nil for nothing.
  func confirm(_ reason: String? = nil) {
    let standing = state.withLock { state in
      state.running?.isProven = true
      state.proven = state.running
      return state.running
    }
    guard let standing else { return }
    keep(standing)
    if let reason { trail.write(AuditEvent(.confirmation, digest: standing.directory.digest, reason: reason)) }
  }

  private func keep(_ standing: RuleStanding) {
    guard standing.isProven, let approval = standing.approval else { return }
    lastGood.keep(standing)
    guard !isTrial, let counter = approval.counter else { return }
    do throws(ApprovalError) { try gate.floor?.raise(to: counter) } catch {
      logger.error("the counter's floor could not be raised", metadata: ["error": "\(error)"])
    }
  }

  /// The set that runs did not pass its probation, and the one before it runs again.
  func rolledBack(_ fault: ProbationFault) {
    let (failed, standing) = state.withLock { state in
      defer { state.running = state.proven }
      return (state.running, state.proven)
    }
    guard let standing else { return }
    trail.write(
      AuditEvent(
        .rollback, digest: standing.directory.digest, before: failed?.directory.digest,
        reason: "\(fault.kind.rawValue): \(fault.message)"))
    // What a start finds is what runs now, where that has passed.
    keep(standing)
  }

  /// A person decided that what the set hid which was rolled back need not stay hidden.
  func reverted(_ directory: RuleDirectory, from failed: String) {
    trail.write(
      AuditEvent(
        .reversion, digest: directory.digest, before: failed,
        reason: "a person decided that the set before stays rolled back, and that what it hid is shown again"))
  }

  /// The set that runs did not pass its probation, and cannot be rolled back.
  func failedWithoutRollback(_ reason: String) {
    trail.write(
      AuditEvent(.refusal, digest: state.withLock { $0.running?.directory.digest }, reason: reason))
  }

  /// The rules are the same; somebody may have approved them, or signed them anew with a larger counter.
  func circumstancesChanged(for directory: RuleDirectory) {
    guard let approval = gate.verdict(of: directory).approval else { return }
    let news = state.withLock { state -> RuleStanding? in
      guard let running = state.running,
        running.approval == nil || (approval.counter ?? 0) > (running.approval?.counter ?? 0)
      else { return nil }
      var standing = RuleStanding(directory, from: path, approval)
      standing.isProven = running.isProven
      if state.proven?.directory == directory { state.proven = standing }
      state.running = standing
      return standing
    }
    guard let news else { return }
    keep(news)
    logger.notice("the rules that run are approved", metadata: ["approval": "\(approval)"])
    trail.write(AuditEvent(.acceptance, digest: directory.digest, reason: approval.description))
  }

  /// Settings have other values now, which nobody has to approve: see docs/architecture.md.
  func settingsChanged(to values: [String: [String: String]], _ reason: String, digest: String) {
    gate.use(values)
    trail.write(AuditEvent(.settings, digest: digest, reason: reason))
  }

  /// A set may not run.
  /// - Parameter directory: nil where it cannot be read.
  func refused(_ directory: RuleDirectory?, _ errors: RuleErrors, before: String?) {
    let reason = errors.errors.map(\.description).joined(separator: "; ")
    trail.write(AuditEvent(.refusal, digest: directory?.digest, before: before, reason: reason))
  }

  // MARK: What is told

  /// How the set that runs came to be approved.
  var standingText: String { state.withLock { $0.running?.text ?? "" } }

  func families() -> [MetricFamily] {
    let isAwaited = state.withLock { $0.running.map { $0.approval == nil } ?? false }
    return [
      MetricFamily(
        HostFigures.prefix + "rules_awaiting_approval", .gauge,
        help: "1 while the rules that run still have to be approved.", value: isAwaited ? 1 : 0)
    ] + trail.families()
  }
}
