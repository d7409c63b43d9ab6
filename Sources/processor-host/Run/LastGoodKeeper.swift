internal import HostServices
internal import Logging
internal import ProcessorHost
internal import RuleApproval

/// Keeps the rules that ran last for the next start, where a place for them is named.
struct LastGoodKeeper {
  private let rules: LastGoodRules?
  private let isTrial: Bool
  private let logger: Logger

  init(_ settings: RuleSettings, path: String?, isTrial: Bool, _ logger: Logger) throws(ApprovalError) {
    rules = try settings.lastGood.map { kept throws(ApprovalError) in
      try LastGoodRules(path: kept, rulesDirectory: path)
    }
    self.isTrial = isTrial
    self.logger = logger
  }

  /// Where the set that is kept stands; nil where none is to be.
  var current: String? { rules?.current }

  /// Whether one is kept.
  var isThere: Bool { rules?.isThere == true }

  /// - Throws: `RuleErrors` where what was kept cannot be read, or is not what was kept.
  func load() throws(RuleErrors) -> RuleDirectory? { try rules?.load() }

  func keep(_ standing: RuleStanding) {
    guard !isTrial, let rules, let source = standing.source, source != rules.current else { return }
    do throws(ApprovalError) { try rules.keep(standing.directory, approval: standing.files) } catch {
      logger.error("the rules that run cannot be kept for the next start", metadata: ["error": "\(error)"])
    }
  }
}
