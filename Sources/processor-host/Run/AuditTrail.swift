internal import HostServices
internal import Logging
internal import PrometheusMetrics
internal import RuleApproval
internal import Synchronization

/// Writes down what becomes of sets of rules, where an audit log is kept.
final class AuditTrail: Sendable {
  private let log: AuditLog?
  private let logger: Logger
  /// Events that could not be written.
  private let unwritten = Mutex(0)

  /// - Parameters:
  ///   - path: the rules directory, in which neither the log nor its key may be.
  ///   - isTrial: whether nothing is to be written.
  init(_ settings: RuleSettings, path: String?, isTrial: Bool, _ logger: Logger) throws(ApprovalError) {
    self.logger = logger
    if let file = settings.auditLog, let key = settings.auditLogKey {
      let secret = try AuditLog.key(key, forLogAt: file, rulesDirectory: path)
      log = isTrial ? nil : try AuditLog(path: file, key: secret)
    } else {
      log = nil
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

  func write(_ event: AuditEvent) {
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

  func families() -> [MetricFamily] {
    guard let head = log?.head else { return [] }
    return [
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
  }
}
