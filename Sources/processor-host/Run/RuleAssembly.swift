internal import BuiltinProcessors
internal import Foundation
internal import HostReporting
internal import HostServices
internal import Logging
internal import ProcessorHost

/// The rules that a host runs, loaded and tested.
struct RuleAssembly {
  let host: SpanProcessorHost
  let directory: RuleDirectory
  /// The directory on disk; nil where the rules are those that come with the host.
  let path: String?
  let watchInterval: Duration
  let ruleGuard: RuleGuard
  /// The keys for pseudonyms, by the names that rules call them.
  let keys: [String: PseudonymKeyRing]
  /// The directory that the set was read from; nil for rules that are in none.
  let source: String?

  /// - Parameter isTrial: whether it is only to be seen if everything holds: then rules that are wrong do not give way to
  ///   those that ran last.
  /// - Throws: `RuleErrors` where a rule cannot be loaded or a test of its fails, `ExitStatus` after saying what is wrong
  ///   with a key, with the policy of approval, or with the audit log.
  init(_ settings: RuleSettings, _ traces: TraceLimits, lanes: Int, isTrial: Bool, _ logger: Logger) throws {
    watchInterval = settings.watchInterval
    path = Self.path(settings, logger)
    let rings = try Self.rings(settings)
    keys = rings
    ruleGuard = try RuleGuard(settings, path: path, keys: rings, isTrial: isTrial, logger)
    let start = { [ruleGuard] (directory: RuleDirectory, source: String?, isLastGood: Bool) in
      try Self.start(directory, from: source, settings, traces, lanes, rings, ruleGuard, isLastGood: isLastGood)
    }
    var read: RuleDirectory?
    do {
      let directory = try Self.directory(at: path, settings)
      read = directory
      host = try start(directory, path, false)
      (self.directory, source) = (directory, path)
    } catch let errors as RuleErrors {
      ruleGuard.refused(read, errors, before: nil)
      guard !isTrial, ruleGuard.hasLastGood else { throw errors }
      errors.tell("the rules are wrong: the host starts with those that ran last", logger)
      guard let kept = try ruleGuard.lastGoodRules() else { throw errors }
      host = try start(kept.directory, kept.path, true)
      (directory, source) = (kept.directory, kept.path)
    }
    logger.info(
      "rules loaded",
      metadata: [
        "digest": "\(directory.digest)", "rules": "\(host.ruleSet.rules.map(\.name).joined(separator: ","))",
        "source": "\(source ?? "built in")",
      ])
  }

  /// The directory on disk; nil where rules are not read from one.
  private static func path(_ settings: RuleSettings, _ logger: Logger) -> String? {
    if settings.chain?.isEmpty == true, settings.directory == nil {
      logger.notice("no rules run, as the chain is none")
      return nil
    }
    if let named = settings.directory { return named }
    if FileManager.default.fileExists(atPath: "rules") { return "rules" }
    logger.notice("there is no directory rules here: the rules that come with the host run")
    return nil
  }

  private static func rings(_ settings: RuleSettings) throws -> [String: PseudonymKeyRing] {
    var rings = try KeyOptions.ringsInEnvironment()
    for (name, file) in settings.keyFiles { rings[name] = try KeyOptions.ring(contentsOf: file) }
    return rings
  }

  /// The rules at a path; without one those that come with the host, or none where the chain is none.
  private static func directory(at path: String?, _ settings: RuleSettings) throws(RuleErrors) -> RuleDirectory {
    if let path { return try RuleDirectory(contentsOf: path) }
    return settings.chain?.isEmpty == true ? RuleDirectory() : .standard
  }

  /// Loads, tests and admits a set.
  private static func start(
    _ directory: RuleDirectory, from source: String?, _ settings: RuleSettings, _ traces: TraceLimits, _ lanes: Int,
    _ rings: [String: PseudonymKeyRing], _ ruleGuard: RuleGuard, isLastGood: Bool
  ) throws -> SpanProcessorHost {
    let runsNothing = settings.chain?.isEmpty == true
    var configuration = SpanProcessorHost.Configuration(
      rules: runsNothing ? RuleDirectory() : directory, chain: settings.chain, settings: settings.settingsByRule,
      lanes: lanes)
    configuration.traces = traces
    configuration.stamp = settings.stamp == .scope ? .scope : .off
    configuration.kept = ruleGuard.kept(beside: directory)
    // Rules that ran last do not know what was given for those that are wrong.
    configuration.passesOverUnknownSettings = isLastGood
    let host = try SpanProcessorHost(
      configuration,
      samplingMode: settings.samplingMode == .equalizing ? .equalizing : .proportional, keys: rings)
    try host.runTests(of: directory)
    try ruleGuard.admit(first: directory, host.ruleSet.rules, from: source)
    return host
  }
}
