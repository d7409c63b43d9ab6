internal import BuiltinProcessors
internal import Foundation
internal import HostServices
internal import Logging
internal import ProcessorHost
internal import PrometheusMetrics
internal import RuleApproval
internal import RuleReview
internal import Synchronization

/// Decides which sets of rules may run, and writes down what became of each.
///
/// The policy, its keys and the counter's floor are read once, when the host starts: whoever may write the rules can
/// change nothing about them.
final class RuleGuard: RuleAdmission {
  private let check: ApprovalCheck
  private let runsTighter: Bool
  private let isTrial: Bool
  private let path: String?
  private let settings: [String: [String: String]]
  private let keys: [String: PseudonymKeyRing]
  private let log: AuditLog?
  private let lastGood: LastGoodRules?
  private let logger: Logger
  private let standing = Mutex(Standing())
  /// Events that could not be written.
  private let unwritten = Mutex(0)

  /// One change can be a finding for each of many words.
  private static let shownFindings = 5

  /// How the set that runs stands.
  private struct Standing {
    /// What is said of it.
    var text = ""
    /// Whether a person still has to approve it.
    var isAwaited = false
    var counter: UInt64?
    /// The set that was admitted last, and what was said of it then: what stands beside the rules may have changed since.
    var admitted: (digest: String, verdict: ApprovalVerdict)?
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
    self.keys = keys
    self.logger = logger
    self.settings = settings.settingsByRule
    runsTighter = settings.approval.runsTighter
    do throws(ApprovalError) {
      let approval = settings.approval
      let mode = ApprovalPolicy.Mode(rawValue: approval.mode.rawValue) ?? .signature
      check = ApprovalCheck(
        try ApprovalPolicy(
          mode: mode, keyFiles: approval.keyFiles, threshold: approval.threshold, counterFile: approval.counterFile,
          minimumCounter: UInt64(approval.minimumCounter), rulesDirectory: path))
      if let file = settings.auditLog, let key = settings.auditLogKey {
        let secret = try AuditLog.key(key, forLogAt: file, rulesDirectory: path)
        log = isTrial ? nil : try AuditLog(path: file, key: secret)
      } else {
        log = nil
      }
      lastGood = try settings.lastGood.map { kept throws(ApprovalError) in
        try LastGoodRules(path: kept, rulesDirectory: path)
      }
    } catch {
      StandardError.write(Terminal(isTerminal: StandardError.isTerminal).paint("error: ", .red) + "\(error)")
      throw ExitStatus.usage
    }
    tellOfOpening()
  }

  private func tellOfOpening() {
    guard let log else { return }
    if log.opening.isNew { logger.notice("a new audit log begins", metadata: ["file": "\(log.path)"]) }
    if log.opening.isTorn {
      logger.warning(
        "the audit log's last line was not finished; the next one says so", metadata: ["file": "\(log.path)"])
    }
    for fault in log.opening.faults {
      logger.error("the audit log does not hold", metadata: ["file": "\(log.path)", "error": "\(fault)"])
    }
  }

  /// Whether rules need somebody's approval.
  private var asks: Bool { check.policy.mode != .none }

  // MARK: Decisions

  /// What stands beside the rules about their approval: nothing in the rules changes when somebody signs them.
  var circumstances: String { asks ? path.map { ApprovalFiles(in: $0).digest } ?? "" : "" }

  /// Says whether the set with which the host starts may run.
  /// - Parameters:
  ///   - rules: its rules that run.
  ///   - source: the directory it was read from; nil for rules that are in none.
  /// - Throws: `RuleErrors` where it may not.
  func admit(first directory: RuleDirectory, _ rules: [RuleDefinition], from source: String?) throws {
    if asks { try checkTests(of: rules, in: directory) }
    let isLastGood = source != nil && source == lastGood?.current
    switch check.verdict(of: directory, at: source) {
    case .approved(let approval):
      settle(approval)
      write(
        AuditEvent(
          isLastGood ? .rollback : .start, digest: directory.digest,
          reason: (isLastGood ? "the rules are wrong, and these ran last: " : "") + approval.description))
      keep(directory, from: source)
    case .refused(let refusal):
      guard let base = approvedLastGood() else { throw errors(refusal) }
      // What was tightened while nobody could approve it stays hidden over a start.
      try admit(try review(directory), after: base, refusal)
      wait(for: refusal, digest: directory.digest, .start, before: base.digest)
    }
  }

  /// The set that ran last, where it is approved.
  private func approvedLastGood() -> RuleDirectory? {
    guard let lastGood, let kept = try? lastGood.load(),
      check.verdict(of: kept, at: lastGood.current).approval != nil
    else { return nil }
    return kept
  }

  /// Whether a set is kept for a start with rules that are wrong.
  var hasLastGood: Bool { lastGood?.isThere == true }

  /// The set that ran last, and where it is kept, for a host whose rules are wrong.
  /// - Throws: `RuleErrors` where it cannot be read, or is not what was kept.
  func lastGoodRules() throws(RuleErrors) -> (directory: RuleDirectory, path: String)? {
    guard let lastGood, let directory = try lastGood.load() else { return nil }
    return (directory, lastGood.current)
  }

  private func keep(_ directory: RuleDirectory, from source: String?) {
    guard !isTrial, let lastGood, let source, source != lastGood.current else { return }
    do throws(ApprovalError) { try lastGood.keep(directory, from: source) } catch {
      logger.error("the rules that run cannot be kept for the next start", metadata: ["error": "\(error)"])
    }
  }

  /// Says whether a set that was edited may take the place of the one that runs. Loads both: not for lanes that spans
  /// wait for.
  /// - Throws: `RuleErrors` where it may not.
  func admit(_ directory: RuleDirectory, after running: RuleDirectory) throws {
    guard asks else { return }
    let reviewed = try review(directory)
    try checkTests(of: reviewed.rules, in: directory)
    let verdict = check.verdict(of: directory, at: path)
    if case .refused(let refusal) = verdict { try admit(reviewed, after: running, refusal) }
    standing.withLock { $0.admitted = (directory.digest, verdict) }
  }

  /// Lets a set run that nobody has approved, where it is proven to show nothing more.
  private func admit(_ reviewed: ReviewedRules, after running: RuleDirectory, _ refusal: ApprovalRefusal) throws {
    guard runsTighter else { throw errors(refusal) }
    let diff = try RuleSetDiff(review(running), reviewed, keys: keys)
    switch diff.verdict {
    case .same, .tighter: return
    case .other, .looser:
      let findings = diff.findings.filter { $0.verdict == diff.verdict }
      var why = findings.prefix(Self.shownFindings).map { finding in
        RuleError(
          file: finding.place.isEmpty ? path ?? "rules" : finding.place, message: "not approved: \(finding.message)")
      }
      if findings.count > Self.shownFindings {
        why.append(
          RuleError(
            file: path ?? "rules",
            message: "not approved: \(findings.count - Self.shownFindings) more; processor-host diff shows all"))
      }
      throw RuleErrors(errors(refusal).errors + why)
    }
  }

  /// A rule that hides and has no tests is one of which nobody has said what it is to hide.
  private func checkTests(of rules: [RuleDefinition], in directory: RuleDirectory) throws(RuleErrors) {
    let untested = rules.filter { !$0.hide.isEmpty && directory.tests[$0.name] == nil }
    if untested.isEmpty { return }
    throw RuleErrors(
      untested.map { rule in
        RuleError(
          file: rule.source.file,
          message:
            "the rule hides and has no tests, which rules that need approval must have; write \(rule.name).test.lua")
      })
  }

  private func review(_ directory: RuleDirectory) throws -> ReviewedRules {
    try ReviewedRules(directory, settings: settings, keys: keys)
  }

  private func errors(_ refusal: ApprovalRefusal) -> RuleErrors {
    RuleErrors([RuleError(file: path ?? "rules", message: refusal.reason)])
  }

  private func settle(_ approval: Approval) {
    standing.withLock { standing in
      standing.text = approval.description
      standing.isAwaited = false
      standing.counter = approval.counter
    }
    guard !isTrial, let counter = approval.counter else { return }
    do throws(ApprovalError) { try check.policy.floor?.raise(to: counter) } catch {
      logger.error("the counter's floor could not be raised", metadata: ["error": "\(error)"])
    }
  }

  private func wait(for refusal: ApprovalRefusal, digest: String, _ kind: AuditEvent.Kind, before: String) {
    let reason = "tighter than before, and runs before it is approved: \(refusal.reason)"
    standing.withLock { standing in
      standing.text = reason
      standing.isAwaited = true
      standing.counter = nil
    }
    logger.warning("the rules that run wait for approval", metadata: ["reason": "\(refusal.reason)"])
    write(AuditEvent(kind, digest: digest, before: before, reason: reason))
  }

  // MARK: What became of sets

  /// A set has taken the place of another.
  func swapped(_ directory: RuleDirectory, before: String) {
    let digest = directory.digest
    let admitted = standing.withLock { $0.admitted }
    let verdict = admitted?.digest == digest ? admitted?.verdict : nil
    switch verdict ?? check.verdict(of: directory, at: path) {
    case .approved(let approval):
      settle(approval)
      keep(directory, from: path)
      write(AuditEvent(.swap, digest: digest, before: before, reason: approval.description))
    case .refused(let refusal): wait(for: refusal, digest: digest, .swap, before: before)
    }
  }

  /// The rules are the same; somebody may have approved them, or signed them anew with a larger counter.
  func circumstancesChanged(for directory: RuleDirectory) {
    guard let approval = check.verdict(of: directory, at: path).approval else { return }
    let isNews = standing.withLock { standing in
      standing.isAwaited || (approval.counter ?? 0) > (standing.counter ?? 0)
    }
    if !isNews { return }
    settle(approval)
    keep(directory, from: path)
    logger.notice("the rules that run are approved", metadata: ["approval": "\(approval)"])
    write(AuditEvent(.acceptance, digest: directory.digest, reason: approval.description))
  }

  /// A set may not run.
  /// - Parameter directory: nil where it cannot be read.
  func refused(_ directory: RuleDirectory?, _ errors: RuleErrors, before: String?) {
    let reason = errors.errors.map(\.description).joined(separator: "; ")
    write(AuditEvent(.refusal, digest: directory?.digest, before: before, reason: reason))
  }

  private func write(_ event: AuditEvent) {
    guard let log else { return }
    var event = event
    let missing = unwritten.withLock(\.self)
    // So that a log that could not be written for a while does not look whole.
    if missing > 0 { event.reason = "(\(missing) events before this one could not be written) " + event.reason }
    do throws(ApprovalError) {
      _ = try log.append(event)
      unwritten.withLock { $0 -= missing }
    } catch {
      unwritten.withLock { $0 += 1 }
      logger.error("the audit log cannot be written", metadata: ["file": "\(log.path)", "error": "\(error)"])
    }
  }

  // MARK: What is told

  /// How the set that runs came to be approved.
  var standingText: String { standing.withLock { $0.text } }

  func families() -> [MetricFamily] {
    var families = [
      MetricFamily(
        HostFigures.prefix + "rules_awaiting_approval", .gauge,
        help: "1 while the rules that run still have to be approved.", value: standing.withLock { $0.isAwaited } ? 1 : 0
      )
    ]
    guard let head = log?.head else { return families }
    families += [
      MetricFamily(
        HostFigures.prefix + "audit_log_unwritten", .gauge,
        help: "Events that could not be written to the audit log; the next line says how many.",
        value: Double(unwritten.withLock(\.self))),
      MetricFamily(
        HostFigures.prefix + "audit_log_sequence", .gauge, help: "The number of the audit log's last line.",
        value: Double(head.sequence)),
      MetricFamily(
        HostFigures.prefix + "audit_log_head", .gauge,
        help: "The audit log's last line, by its MAC: keep it elsewhere, for log verify --head.",
        samples: [MetricSample(1, labels: [MetricLabel("mac", "\(head.mac)")])]),
    ]
    return families
  }
}
