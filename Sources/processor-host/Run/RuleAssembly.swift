internal import BuiltinProcessors
internal import Foundation
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
  /// The directory that the set was read from; nil for rules that are in none.
  let source: String?

  /// - Parameter isTrial: whether it is only to be seen if everything holds: then rules that are wrong do not give way to
  ///   those that ran last.
  /// - Throws: `RuleErrors` where a rule cannot be loaded or a test of its fails, `ExitStatus` after saying what is wrong
  ///   with a key, with the policy of approval, or with the audit log.
  init(_ settings: RuleSettings, lanes: Int, isTrial: Bool, _ logger: Logger) throws {
    watchInterval = settings.watchInterval
    path = Self.path(settings, logger)
    let rings = try Self.rings(settings)
    ruleGuard = try RuleGuard(settings, path: path, keys: rings, isTrial: isTrial, logger)
    var starter = Starter(settings: settings, lanes: lanes, rings: rings, ruleGuard: ruleGuard)
    do {
      try starter.start(path)
    } catch let errors as RuleErrors {
      ruleGuard.refused(starter.directory, errors, before: nil)
      guard !isTrial, ruleGuard.hasLastGood else { throw errors }
      ReloadRecord.tell(errors, "the rules are wrong: the host starts with those that ran last", logger)
      guard let kept = try ruleGuard.lastGoodRules() else { throw errors }
      try starter.start(kept.path, kept.directory)
    }
    guard let host = starter.host, let directory = starter.directory else {
      throw RuleErrors([RuleError(file: path ?? "rules", message: "there are no rules to start with")])
    }
    (self.host, self.directory, source) = (host, directory, starter.source)
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
    var rings: [String: PseudonymKeyRing] = [:]
    do {
      rings = try PseudonymKeyEnvironment.rings(in: ProcessInfo.processInfo.environment)
    } catch let error {
      throw KeyOptions.failed(error)
    }
    for (name, file) in settings.keyFiles { rings[name] = try KeyOptions.ring(contentsOf: file) }
    return rings
  }
}

/// Loads, tests and admits a set.
private struct Starter {
  let settings: RuleSettings
  let lanes: Int
  let rings: [String: PseudonymKeyRing]
  let ruleGuard: RuleGuard
  private(set) var host: SpanProcessorHost?
  /// What was read last.
  private(set) var directory: RuleDirectory?
  private(set) var source: String?

  init(settings: RuleSettings, lanes: Int, rings: [String: PseudonymKeyRing], ruleGuard: RuleGuard) {
    self.settings = settings
    self.lanes = lanes
    self.rings = rings
    self.ruleGuard = ruleGuard
  }

  /// - Parameters:
  ///   - source: the directory; nil for the rules that come with the host, or none where the chain is none.
  ///   - known: what it holds, where that was read before.
  mutating func start(_ source: String?, _ known: RuleDirectory? = nil) throws {
    let runsNothing = settings.chain?.isEmpty == true
    directory = nil
    let directory =
      try known ?? source.map { try RuleDirectory(contentsOf: $0) } ?? (runsNothing ? RuleDirectory() : .standard)
    self.directory = directory
    self.source = source
    var configuration = SpanProcessorHost.Configuration(
      rules: directory, chain: settings.chain, settings: settings.settingsByRule, lanes: lanes)
    if runsNothing { configuration.rules = RuleDirectory() }
    let host = try SpanProcessorHost(
      configuration, samplingMode: settings.samplingMode == .equalizing ? .equalizing : .proportional, keys: rings)
    try host.runTests(of: directory)
    try ruleGuard.admit(first: directory, from: source)
    self.host = host
  }
}
