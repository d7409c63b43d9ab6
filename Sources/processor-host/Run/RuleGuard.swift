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
  /// What is said of the set that runs; whether a person still has to approve it.
  private let standing = Mutex((text: "", isAwaited: false))

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
      if !isTrial, let file = settings.auditLog, let key = settings.auditLogKey {
        log = try AuditLog(path: file, keyFile: key)
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
  /// - Parameter source: the directory it was read from; nil for rules that are in none.
  /// - Throws: `RuleErrors` where it may not.
  func admit(first directory: RuleDirectory, from source: String?) throws {
    try checkTests(directory)
    switch check.verdict(of: directory, at: source) {
    case .approved(let approval):
      settle(approval)
      write(AuditEvent(.start, digest: directory.digest, reason: approval.description))
    case .refused(let refusal): throw errors(refusal)
    }
    keep(directory, from: source)
  }

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
    try checkTests(directory)
    guard case .refused(let refusal) = check.verdict(of: directory, at: path) else { return }
    guard runsTighter else { throw errors(refusal) }
    let diff = try RuleSetDiff(
      ReviewedRules(running, settings: settings, keys: keys), ReviewedRules(directory, settings: settings, keys: keys),
      keys: keys)
    switch diff.verdict {
    case .same, .tighter: return
    case .other, .looser:
      let why = diff.findings.filter { $0.verdict == diff.verdict }.map { finding in
        RuleError(
          file: finding.place.isEmpty ? path ?? "rules" : finding.place, message: "not approved: \(finding.message)")
      }
      throw RuleErrors(errors(refusal).errors + why)
    }
  }

  /// A rule that hides and has no tests is one of which nobody has said what it is to hide.
  private func checkTests(_ directory: RuleDirectory) throws {
    guard asks else { return }
    let reviewed = try ReviewedRules(directory, settings: settings, keys: keys)
    let untested = reviewed.rules.filter { !$0.hide.isEmpty && directory.tests[$0.name] == nil }
    if untested.isEmpty { return }
    throw RuleErrors(
      untested.map { rule in
        RuleError(
          file: rule.source.file,
          message:
            "the rule hides and has no tests, which rules that need approval must have; write \(rule.name).test.lua")
      })
  }

  private func errors(_ refusal: ApprovalRefusal) -> RuleErrors {
    RuleErrors([RuleError(file: path ?? "rules", message: refusal.reason)])
  }

  private func settle(_ approval: Approval) {
    standing.withLock { $0 = (approval.description, false) }
    guard !isTrial, let counter = approval.counter else { return }
    do throws(ApprovalError) { try check.policy.floor?.raise(to: counter) } catch {
      logger.error("the counter's floor could not be raised", metadata: ["error": "\(error)"])
    }
  }

  // MARK: What became of sets

  /// A set has taken the place of another.
  func swapped(_ directory: RuleDirectory, before: String) {
    var reason: String
    switch check.verdict(of: directory, at: path) {
    case .approved(let approval):
      settle(approval)
      keep(directory, from: path)
      reason = approval.description
    case .refused(let refusal):
      reason = "tighter than before, and runs before it is approved: \(refusal.reason)"
      standing.withLock { $0 = (reason, true) }
      logger.warning("the rules that run wait for approval", metadata: ["reason": "\(refusal.reason)"])
    }
    write(AuditEvent(.swap, digest: directory.digest, before: before, reason: reason))
  }

  /// The rules are the same; somebody may have approved them.
  func circumstancesChanged(for directory: RuleDirectory) {
    guard standing.withLock({ $0.isAwaited }), let approval = check.verdict(of: directory, at: path).approval else {
      return
    }
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
    do throws(ApprovalError) { _ = try log.append(event) } catch {
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
