internal import Foundation
internal import HostServices
internal import Logging
internal import ProcessorHost
internal import PrometheusMetrics

/// The watch on the rules directory, and what `/rules` and `/metrics` tell of it.
struct RuleReload: Sendable {
  /// Nil where the rules are not on disk.
  let reloader: RuleReloader?
  private let host: SpanProcessorHost
  let path: String?
  private let logger: Logger
  private let record: ReloadRecord
  let ruleGuard: RuleGuard
  /// Where the first set came from: not from the rules directory where that was wrong.
  private let firstSource: String?
  /// What runs where the rules are not on disk.
  private let running: RuleDirectory

  /// What tries each set that comes into force.
  let probation: RuleProbation
  private let required: Duration

  /// - Parameters:
  ///   - required: how long a probation takes; zero for none.
  ///   - inside: how many spans are inside that have not been hidden by a set or a newer one.
  init(
    _ rules: RuleAssembly, probation required: Duration, inside: @escaping @Sendable (RuleSetNumber) -> Int,
    _ logger: Logger
  ) {
    host = rules.host
    path = rules.path
    ruleGuard = rules.ruleGuard
    firstSource = rules.source
    running = rules.directory
    self.logger = logger
    let record = ReloadRecord(digest: rules.directory.digest, rules.ruleGuard, inside: inside, logger)
    self.record = record
    self.required = required
    let probation = RuleProbation(rules, record, required: required, logger)
    self.probation = probation
    let interval = rules.watchInterval
    reloader = rules.path.map { path in
      RuleReloader(
        rules.host, running: rules.directory, path: path, interval: interval, admission: rules.ruleGuard,
        report: { [idle = IdleRules(rules, logger)] outcome in
          record.add(outcome)
          if case .swapped(let number, let directory) = outcome { probation.swapped(directory, number) }
          idle.look(at: outcome)
        },
        withoutEvents: { reason in
          logger.notice(
            "not every change of the rules will be told by the file system: they are looked at now and then",
            metadata: ["rules": "\(path)", "interval": "\(interval)", "reason": "\(reason)"])
        })
    }
  }

  /// Looks at the directory now, because a signal asked for it.
  func now() async {
    guard let reloader else {
      logger.notice("the rules that run are not on disk: there is nothing to read again")
      return
    }
    guard await reloader.reload() == .unchanged else { return }
    let metadata: Logger.Metadata = ["rules": "\(path ?? "")"]
    if reloader.refused == nil {
      logger.notice("the rules were read again: nothing has changed", metadata: metadata)
    } else {
      logger.error("the rules were read again and are still wrong: those that ran go on", metadata: metadata)
    }
  }

  /// The number of the set that runs.
  var number: RuleSetNumber { host.ruleSetNumber }

  /// Brings other values of settings, and another chain, into force.
  /// - Throws: `RuleErrors` with what is wrong with them; then nothing has changed.
  func use(_ settings: RuleSettings, because reason: String) async throws {
    let overrides = RuleOverrides(chain: settings.chain, settings: settings.settingsByRule)
    if let reloader {
      try await reloader.use(overrides)
    } else {
      let before = host.overrides
      host.overrides = overrides
      do { try await host.replaceRules(with: running) } catch {
        host.overrides = before
        throw error
      }
    }
    ruleGuard.settingsChanged(to: overrides.settings, reason, digest: record.current.digest)
  }

  /// Looks at the directory now, because a request asked for it, and at the configuration file before that.
  func answer(_ settings: SettingsReload) async -> ReloadAnswer {
    let before = record.current.swapped
    let (settingsOutcome, applied) = await settings.look(isAsked: true)
    let outcome = await reloader?.reload() ?? .unchanged
    // What was refused before and says the same is refused still.
    let refused = reloader?.refused.map(RefusedDocument.init)
    // With other settings, files that were refused before may have come into force.
    let wasSwapped = outcome == .unchanged && record.current.swapped > before
    let name =
      switch outcome {
      case .unchanged: refused == nil ? (wasSwapped ? "swapped" : "unchanged") : "failed"
      case .restored: "restored"
      case .swapped: "swapped"
      case .failed: "failed"
      }
    let document = ReloadDocument(
      outcome: name, number: host.ruleSetNumber.value, digest: record.current.digest,
      hiddenAgain: name == "swapped" ? record.current.hiddenAgain : nil, refused: refused,
      settings: settings.document(settingsOutcome, applied))
    return ReloadAnswer(isRefused: name == "failed" || settings.isFailing, json: document.json)
  }

  /// Runs the set that was rolled back, because a person decided so.
  func accept() async -> ReloadAnswer {
    await answer("accepted") { reloader throws(RefusedDecision) in try await probation.accept(reloader) }
  }

  /// Ends what a rollback has left hidden, because a person decided so.
  func revert() async -> ReloadAnswer {
    await answer("reverted") { reloader throws(RefusedDecision) in try await probation.revert(reloader) }
  }

  private func answer(
    _ outcome: String, _ decision: (RuleReloader) async throws(RefusedDecision) -> String
  ) async -> ReloadAnswer {
    var outcome = outcome
    let message: String
    do throws(RefusedDecision) {
      guard let reloader else { throw .nothingPending }
      message = try await decision(reloader)
    } catch {
      (outcome, message) = ("refused", error.reason)
    }
    let document = DecisionDocument(
      outcome: outcome, message: message, number: host.ruleSetNumber.value, digest: record.current.digest)
    return ReloadAnswer(isRefused: outcome == "refused", json: document.json)
  }

  /// The rules as JSON.
  func json() -> [UInt8] {
    let current = record.current
    return RulesDocument(
      number: host.ruleSetNumber.value, digest: current.digest,
      source: (current.swapped == 0 ? firstSource : path) ?? "built in",
      loadedAt: ISO8601DateFormatter().string(from: current.loadedAt),
      approval: ruleGuard.standingText,
      rules: host.ruleSet.rules.map { .init(name: $0.name, about: $0.about, facts: RuleFacts($0).lines) },
      refused: reloader?.refused.map(RefusedDocument.init),
      probation: probation.since.map { .init(since: "\($0)", duration: required.settingText) },
      rolledBack: ruleGuard.rollbacks.pending.map { .init($0, hidden: host.ruleSet.kept) }
    ).json
  }

  func families() -> [MetricFamily] {
    let current = record.current
    return [
      MetricFamily(
        HostFigures.prefix + "rule_reloads_total", .counter, help: "Edits of the rules, by what became of them.",
        samples: [
          MetricSample(current.failed, labels: [MetricLabel("outcome", "failed")]),
          MetricSample(current.swapped, labels: [MetricLabel("outcome", "swapped")]),
        ]),
      MetricFamily(
        HostFigures.prefix + "rules_info", .gauge, help: "The digest of the rules in force.",
        samples: [MetricSample(1, labels: [MetricLabel("digest", current.digest)])]),
      MetricFamily(
        HostFigures.prefix + "rules_failing", .gauge,
        help: "1 while the files of the rules are wrong, and others run therefore.",
        value: reloader?.refused == nil ? 0 : 1),
      MetricFamily(
        HostFigures.prefix + "rules_on_probation", .gauge,
        help: "1 while the rules in force may still be rolled back by themselves.",
        value: probation.since == nil ? 0 : 1),
      MetricFamily(
        HostFigures.prefix + "rule_rollbacks_total", .counter, help: "Sets of rules that were rolled back, by reason.",
        samples: ProbationFault.Kind.allCases.map { kind in
          MetricSample(ruleGuard.rollbacks.total(kind), labels: [MetricLabel("reason", kind.rawValue)])
        }),
      MetricFamily(
        HostFigures.prefix + "rules_kept_hiding", .gauge,
        help: "What is only hidden since a set was rolled back that hid it, until a person decides.",
        value: Double(host.ruleSet.kept.steps.count)),
    ] + ruleGuard.families()
  }
}
