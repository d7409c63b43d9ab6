internal import BuiltinProcessors
internal import HostServices
internal import ProcessorHost
internal import RuleApproval
internal import RuleReview
internal import Synchronization

/// Says whether a set of rules may run, by the policy of approval.
///
/// The policy, its keys and the counter's floor are read once, when the host starts: whoever may write the rules can
/// change nothing about them.
final class ApprovalGate: Sendable {
  private let check: ApprovalCheck
  private let runsTighter: Bool
  private let path: String?
  /// Values of settings, by rule and by setting.
  private let settings: Mutex<[String: [String: String]]>
  private let keys: [String: PseudonymKeyRing]

  /// One change can be a finding for each of many words.
  private static let shownFindings = 5

  /// - Parameters:
  ///   - path: the rules directory; nil for rules that are in none.
  ///   - keys: the keys for pseudonyms, by the names that rules call them.
  init(_ settings: RuleSettings, path: String?, keys: [String: PseudonymKeyRing]) throws(ApprovalError) {
    self.path = path
    self.keys = keys
    self.settings = Mutex(settings.settingsByRule)
    let approval = settings.approval
    runsTighter = approval.runsTighter
    let mode = ApprovalPolicy.Mode(rawValue: approval.mode.rawValue) ?? .signature
    check = ApprovalCheck(
      try ApprovalPolicy(
        mode: mode, keyFiles: approval.keyFiles, threshold: approval.threshold, counterFile: approval.counterFile,
        minimumCounter: UInt64(approval.minimumCounter), rulesDirectory: path))
  }

  /// Whether rules need somebody's approval.
  var asks: Bool { check.policy.mode != .none }

  /// The least counter that runs, where it rises.
  var floor: CounterFloor? { check.policy.floor }

  /// What stands beside the rules about their approval: nothing in the rules changes when somebody signs them.
  var circumstances: String { asks ? path.map { ApprovalFiles(in: $0).digest } ?? "" : "" }

  /// What is said of a set by what stands beside it.
  /// - Parameter source: its directory; nil for a set that is in none.
  func verdict(of directory: RuleDirectory, at source: String?) -> ApprovalVerdict {
    check.verdict(of: directory, at: source)
  }

  /// The same of a set that was edited, in the rules directory.
  func verdict(of directory: RuleDirectory) -> ApprovalVerdict { check.verdict(of: directory, at: path) }

  /// Lets a set run that nobody has approved, where it is proven to show nothing more.
  /// - Parameter kept: what is hidden beside what runs.
  /// - Throws: `RuleErrors` where it is not.
  func admit(
    _ reviewed: ReviewedRules, after running: RuleDirectory, keeping kept: HidePolicy, _ refusal: ApprovalRefusal
  ) throws {
    guard runsTighter else { throw errors(refusal) }
    // What stays hidden for the time being ends with the new set, so that it has to hide that, too.
    let diff = try RuleSetDiff(
      review(running, keeping: kept), reviewed, keys: keys)
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
  /// - Throws: `RuleErrors` that name such rules.
  func checkTests(of rules: [RuleDefinition], in directory: RuleDirectory) throws(RuleErrors) {
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

  /// Loads a set for a review. Not for lanes that spans wait for.
  func review(_ directory: RuleDirectory, keeping kept: HidePolicy = HidePolicy()) throws -> ReviewedRules {
    try ReviewedRules(directory, settings: settings.withLock(\.self), keys: keys, keeping: kept)
  }

  /// Settings have other values now, with which sets are loaded for a review.
  func use(_ values: [String: [String: String]]) { settings.withLock { $0 = values } }

  func errors(_ refusal: ApprovalRefusal) -> RuleErrors {
    RuleErrors([RuleError(file: path ?? "rules", message: refusal.reason)])
  }
}
