internal import Foundation
internal import HostServices
internal import Logging
internal import ProcessorHost
internal import PrometheusMetrics
internal import Synchronization

/// Reads the configuration file again and brings what can change on a running host into force: the values of rules'
/// settings, the chain, and the level of the log. What cannot is named and left as it is. A file in which anything is
/// wrong changes nothing.
final class SettingsReload: Sendable {
  /// What a look at the file led to.
  enum Outcome: String, Sendable {
    /// It says what it said before, or nothing that is not in force.
    case unchanged
    /// It is wrong no more, and says what is in force.
    case restored
    /// Something of it came into force.
    case applied
    /// It differs, and only in what needs a restart.
    case awaitingRestart = "awaiting_restart"
    /// It is wrong: nothing has changed.
    case failed
  }

  private struct State {
    /// What is in force.
    var effective: ResolvedConfiguration
    /// What the file said when it was last looked at, or why it could not be read.
    var seen: ConfigurationReading.Outcome
    var failure: [ConfigurationError] = []
    /// The set of rules with which it failed: with another it may not.
    var failedWith: RuleSetNumber?
    /// What the file has otherwise and needs a restart.
    var waiting: [String] = []
    var appliedCount = 0
    var failedCount = 0
  }

  /// How often the file is looked at without being asked; zero for never.
  let interval: Duration
  private let reading: ConfigurationReading
  private let rules: RuleReload
  private let level: LogLevel
  private let logger: Logger
  private let state: Mutex<State>
  private let turn = AsyncTurn()

  init(
    _ resolved: ResolvedConfiguration, _ file: ConfigurationFile?, _ reading: ConfigurationReading, _ rules: RuleReload,
    _ level: LogLevel, _ logger: Logger
  ) {
    interval = resolved.configuration.rules.watchInterval
    self.reading = reading
    self.rules = rules
    self.level = level
    self.logger = logger
    state = Mutex(State(effective: resolved, seen: .success(file)))
    let settings = resolved.configuration.rules
    let isOfRules = reading.lies(in: settings.directory ?? "rules")
    hasFile = reading.path != nil && !(isOfRules && settings.approval.mode != .none)
    if isOfRules, !hasFile {
      logger.warning(
        "the configuration file lies in the rules directory, whose rules need approval: it is not read again before a restart",
        metadata: ["file": "\(reading.path ?? "")"])
    }
  }

  /// Whether there is a file to read again.
  let hasFile: Bool

  /// What is in force.
  var effective: ResolvedConfiguration { state.withLock { $0.effective } }

  /// Looks at the file now.
  /// - Parameter isAsked: whether somebody asked for it; then what was wrong is tried again.
  /// - Returns: the outcome, and what came into force.
  func look(isAsked: Bool) async -> (outcome: Outcome, applied: [SettingChange]) {
    guard hasFile else { return (.unchanged, []) }
    await turn.take()
    defer { turn.giveBack() }
    let (seen, isTriedAgain) = state.withLock { state in
      (state.seen, !state.failure.isEmpty && (isAsked || state.failedWith != rules.number))
    }
    guard let file = await reading.settled(since: seen, isTriedAgain: isTriedAgain) else { return (.unchanged, []) }
    let (effective, hadFailure) = state.withLock { state in
      state.seen = file
      return (state.effective, !state.failure.isEmpty)
    }
    let new: ResolvedConfiguration
    do throws(ConfigurationErrors) {
      new = try reading.resolve(try Self.whole(file, effective))
    } catch {
      return failed(error.errors)
    }
    let changes = effective.changes(to: new)
    let applied = changes.filter(\.isForRunningHosts)
    do {
      try await bringIntoForce(effective.takingOver(new), applied)
    } catch let errors as RuleErrors {
      return failed(errors.errors.map { Self.error($0, applied) })
    } catch {
      return failed([ConfigurationError("the settings could not come into force: \(error)")])
    }
    return settle(effective.takingOver(new), changes, applied, hadFailure)
  }

  /// The file, unless it looks as if it were just being written.
  private static func whole(
    _ outcome: ConfigurationReading.Outcome, _ effective: ResolvedConfiguration
  ) throws(ConfigurationErrors) -> ConfigurationFile? {
    let file = try outcome.get()
    // A file that said nothing from the start has nothing to lose.
    if let file, file.text.isEmpty, effective.origins.values.contains(where: \.isFile) {
      throw ConfigurationErrors([
        ConfigurationError(
          "\(file.name): the file is empty, like one that is still being written; if it is meant to hold nothing, write "
            + "a comment into it")
      ])
    }
    return file
  }

  private func bringIntoForce(_ next: ResolvedConfiguration, _ applied: [SettingChange]) async throws {
    let ofRules = applied.filter { $0.path.hasPrefix("rules.") }
    if !ofRules.isEmpty {
      try await rules.use(next.configuration.rules, because: ofRules.map(\.text).joined(separator: ", "))
    }
    level.current = Logger.Level(next.configuration.logging.level)
  }

  // MARK: What came of it

  private func settle(
    _ next: ResolvedConfiguration, _ changes: [SettingChange], _ applied: [SettingChange], _ hadFailure: Bool
  ) -> (Outcome, [SettingChange]) {
    let waiting = changes.filter { !$0.isForRunningHosts }.map(\.path)
    let isNews = state.withLock { state in
      defer {
        state.effective = next
        state.failure = []
        state.waiting = waiting
        if !applied.isEmpty { state.appliedCount += 1 }
      }
      return state.waiting != waiting
    }
    if !applied.isEmpty {
      logger.notice(
        "settings were changed and are in force",
        metadata: ["settings": "\(applied.map(\.text).joined(separator: ", "))"])
    }
    if !waiting.isEmpty, isNews {
      logger.warning(
        "settings were changed that need a restart: what they were stays in force until then",
        metadata: ["settings": "\(waiting.joined(separator: ", "))"])
    }
    if !applied.isEmpty { return (.applied, applied) }
    if hadFailure || isNews, waiting.isEmpty {
      logger.notice("the configuration file says again what is in force")
      return (.restored, [])
    }
    return (isNews ? .awaitingRestart : .unchanged, [])
  }

  private func failed(_ errors: [ConfigurationError]) -> (Outcome, [SettingChange]) {
    let number = rules.number
    let isNews = state.withLock { state in
      state.failedWith = number
      if state.failure == errors { return false }
      state.failure = errors
      state.failedCount += 1
      return true
    }
    guard isNews else { return (.unchanged, []) }
    for error in errors {
      var metadata: Logger.Metadata = ["error": "\(error.message)"]
      if case .file(let place) = error.origin {
        metadata["file"] = "\(place.file)"
        metadata["line"] = "\(place.line)"
      } else {
        metadata["error"] = "\(error)"
      }
      logger.error("the configuration was edited and is not in force: the settings that ran go on", metadata: metadata)
    }
    return (.failed, [])
  }

  /// What a rule has against a value, at the place where the value stands.
  private static func error(_ error: RuleError, _ applied: [SettingChange]) -> ConfigurationError {
    let prefix = "rules.settings."
    let setting = applied.first { change in
      guard change.path.hasPrefix(prefix) else { return change.path == "rules.chain" }
      let name = change.path.dropFirst(prefix.count)
      let (rule, own) = (name.prefix { $0 != "." }, name.drop { $0 != "." }.dropFirst())
      return error.message.contains("setting \(name) ") || error.message.hasPrefix("there are settings for \(rule),")
        || error.file == "\(rule).lua" && error.message.hasPrefix("the rule has no setting \(own);")
    }
    let rule = error.line.map { "\(error.file):\($0)" } ?? error.file
    return ConfigurationError("\(error.message) (\(rule))", at: setting?.origin)
  }

  // MARK: What is told

  /// What the answer to a reload says of settings; nil without a file.
  func document(_ outcome: Outcome, _ applied: [SettingChange]) -> SettingsDocument? {
    guard hasFile else { return nil }
    let (failure, waiting) = state.withLock { ($0.failure, $0.waiting) }
    let name: Outcome = !failure.isEmpty ? .failed : outcome
    return SettingsDocument(
      outcome: name.rawValue, applied: applied.map(\.text), needRestart: waiting, errors: failure.map(SettingFault.init)
    )
  }

  /// Whether the file is wrong.
  var isFailing: Bool { state.withLock { !$0.failure.isEmpty } }

  func families() -> [MetricFamily] {
    let (applied, failed, isFailing, waiting) = state.withLock {
      ($0.appliedCount, $0.failedCount, !$0.failure.isEmpty, $0.waiting.count)
    }
    return [
      MetricFamily(
        HostFigures.prefix + "settings_reloads_total", .counter,
        help: "Edits of the configuration file, by what became of them.",
        samples: [
          MetricSample(applied, labels: [MetricLabel("outcome", "applied")]),
          MetricSample(failed, labels: [MetricLabel("outcome", "failed")]),
        ]),
      MetricFamily(
        HostFigures.prefix + "settings_failing", .gauge,
        help: "1 while the configuration file is wrong, and other settings are in force therefore.",
        value: isFailing ? 1 : 0),
      MetricFamily(
        HostFigures.prefix + "settings_awaiting_restart", .gauge,
        help: "Settings that the configuration file has changed and that need a restart.", value: Double(waiting)),
    ]
  }
}

extension Origin {
  fileprivate var isFile: Bool { if case .file = self { true } else { false } }
}
