internal import Logging
internal import ProcessorHost
internal import Synchronization

/// Says of rule files that came into the directory and not into the chain that they do not run: whoever saved one may
/// believe that it does.
final class IdleRules: Sendable {
  private let host: SpanProcessorHost
  private let logger: Logger
  /// Those that there were.
  private let known: Mutex<Set<String>>

  init(_ rules: RuleAssembly, _ logger: Logger) {
    host = rules.host
    self.logger = logger
    known = Mutex(Self.idle(rules.directory, rules.host))
  }

  /// Tells of those that are new since the last edit that came into force.
  func look(at outcome: RuleReloader.Outcome) {
    guard case .swapped(_, let directory) = outcome else { return }
    let idle = Self.idle(directory, host)
    let new = known.withLock { known in
      defer { known = idle }
      return idle.subtracting(known)
    }
    for name in new.sorted() {
      logger.warning(
        "a rule file is not in the chain and does not run; name it in chain.lua",
        metadata: ["file": "\(String.printable(name)).lua"])
    }
  }

  private static func idle(_ directory: RuleDirectory, _ host: SpanProcessorHost) -> Set<String> {
    Set(directory.rules.keys).subtracting(host.ruleSet.rules.map(\.name))
  }
}
