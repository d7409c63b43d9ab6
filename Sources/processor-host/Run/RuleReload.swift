internal import BuiltinProcessors
internal import Foundation
internal import Logging
internal import ProcessorHost
internal import PrometheusMetrics
internal import Synchronization

/// The watch on the rules directory, and what is told of it: to the log, to `/metrics` and to `/rules`.
final class RuleReload: Sendable {
  /// The state of the rules as `/rules` shows it.
  private struct State {
    var digest: String
    var loadedAt = Date()
    var swapped = 0
    var failed = 0
  }

  /// Nil where the rules are not on disk.
  let reloader: RuleReloader?
  private let host: SpanProcessorHost
  private let path: String?
  private let logger: Logger
  private let state: Mutex<State>

  init(_ rules: RuleAssembly, _ logger: Logger) {
    host = rules.host
    path = rules.path
    self.logger = logger
    let box = ReportBox()
    state = Mutex(State(digest: rules.directory.digest))
    reloader = rules.path.map { path in
      RuleReloader(
        rules.host, running: rules.directory, path: path, interval: rules.watchInterval, report: { box.report($0) })
    }
    box.target.withLock { $0 = self }
  }

  /// Looks at the directory now, because somebody asked for it.
  func now() async {
    guard let reloader else {
      logger.notice("the rules that run are not on disk: there is nothing to read again")
      return
    }
    if await reloader.reload() == .unchanged {
      logger.notice("the rules were read again: nothing has changed", metadata: ["rules": "\(path ?? "")"])
    }
  }

  // MARK: What is told

  fileprivate func report(_ outcome: RuleReloader.Outcome) {
    switch outcome {
    case .unchanged: break
    case .restored: logger.notice("the rules say again what runs: their fault is mended")
    case .swapped(let number, let directory):
      let digest = directory.digest
      state.withLock { state in
        state.digest = digest
        state.loadedAt = Date()
        state.swapped += 1
      }
      logger.notice(
        "the rules were edited and are in force", metadata: ["digest": "\(digest)", "set": "\(number.value)"])
    case .failed(let errors):
      state.withLock { $0.failed += 1 }
      for error in errors.errors {
        var metadata: Logger.Metadata = ["file": "\(error.file)", "error": "\(error.message)"]
        if let line = error.line { metadata["line"] = "\(line)" }
        if let source = error.sourceLine { metadata["source"] = "\(source)" }
        logger.error("the rules were edited and are wrong: those that ran go on", metadata: metadata)
      }
    }
  }

  func families() -> [MetricFamily] {
    let (swapped, failed, digest) = state.withLock { ($0.swapped, $0.failed, $0.digest) }
    return [
      MetricFamily(
        HostFigures.prefix + "rule_reloads_total", .counter, help: "Edits of the rules, by what became of them.",
        samples: [
          MetricSample(failed, labels: [MetricLabel("outcome", "failed")]),
          MetricSample(swapped, labels: [MetricLabel("outcome", "swapped")]),
        ]),
      MetricFamily(
        HostFigures.prefix + "rules_info", .gauge, help: "The digest of the rules in force.",
        samples: [MetricSample(1, labels: [MetricLabel("digest", digest)])]),
      MetricFamily(
        HostFigures.prefix + "rules_failing", .gauge,
        help: "1 while the files of the rules are wrong, and others run therefore.",
        value: reloader?.failure == nil ? 0 : 1),
    ]
  }

  /// The rules as JSON.
  func json() -> [UInt8] {
    struct Rule: Encodable {
      var name: String
      var about: String
      var facts: [String]
    }
    struct Document: Encodable {
      var number: Int
      var digest: String
      var source: String
      var loadedAt: String
      var rules: [Rule]
      /// What is wrong with the files as they are; empty where they are in force.
      var errors: [String]
    }
    let (digest, loadedAt) = state.withLock { ($0.digest, $0.loadedAt) }
    let document = Document(
      number: host.ruleSetNumber.value, digest: digest, source: path ?? "built in",
      loadedAt: ISO8601DateFormatter().string(from: loadedAt),
      rules: host.ruleSet.rules.map { Rule(name: $0.name, about: $0.about, facts: RuleFacts($0).lines) },
      errors: reloader?.failure?.errors.map(\.description) ?? [])
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(document)).map(Array.init) ?? []
  }
}

/// Hands reports to a watch that is still being made.
private final class ReportBox: Sendable {
  let target = Mutex<RuleReload?>(nil)

  func report(_ outcome: RuleReloader.Outcome) { target.withLock { $0 }?.report(outcome) }
}
