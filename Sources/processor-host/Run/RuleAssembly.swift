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

  /// - Throws: `RuleErrors` where a rule cannot be loaded or a test of its fails, `ExitStatus.rules` after saying what
  ///   is wrong with a key.
  init(_ settings: RuleSettings, lanes: Int, _ logger: Logger) throws {
    watchInterval = settings.watchInterval
    if settings.chain?.isEmpty == true, settings.directory == nil {
      (path, directory) = (nil, RuleDirectory())
      logger.notice("no rules run, as the chain is none")
    } else if let named = settings.directory ?? (FileManager.default.fileExists(atPath: "rules") ? "rules" : nil) {
      (path, directory) = (named, try RuleDirectory(contentsOf: named))
    } else {
      (path, directory) = (nil, .standard)
      logger.notice("there is no directory rules here: the rules that come with the host run")
    }
    var rings: [String: PseudonymKeyRing] = [:]
    do {
      rings = try PseudonymKeyEnvironment.rings(in: ProcessInfo.processInfo.environment)
    } catch let error {
      throw KeyOptions.failed(error)
    }
    for (name, file) in settings.keyFiles { rings[name] = try KeyOptions.ring(contentsOf: file) }
    ruleGuard = try RuleGuard(settings, path: path, keys: rings, logger)
    var configuration = SpanProcessorHost.Configuration(
      rules: directory, chain: settings.chain, settings: settings.settingsByRule, lanes: lanes)
    if settings.chain?.isEmpty == true { configuration.rules = RuleDirectory() }
    host = try SpanProcessorHost(
      configuration, samplingMode: settings.samplingMode == .equalizing ? .equalizing : .proportional, keys: rings)
    try host.runTests(of: directory)
    try ruleGuard.admit(first: directory)
    logger.info(
      "rules loaded",
      metadata: [
        "digest": "\(directory.digest)", "rules": "\(host.ruleSet.rules.map(\.name).joined(separator: ","))",
        "source": "\(path ?? "built in")",
      ])
  }
}
