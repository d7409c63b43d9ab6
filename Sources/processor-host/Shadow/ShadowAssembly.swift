internal import HostReporting
internal import HostServices
internal import Logging
internal import ProcessorHost
internal import PrometheusMetrics
internal import RuleReview
internal import ServiceLifecycle

/// The comparison of a candidate with the rules that run, and what is told of it.
struct ShadowAssembly: Sendable {
  /// Nil where no candidate is set.
  let runner: ShadowRunner?
  private let host: SpanProcessorHost
  private let reload: RuleReload

  init(_ settings: RuleSettings, _ rules: RuleAssembly, _ reload: RuleReload, _ logger: Logger) {
    host = rules.host
    self.reload = reload
    runner = settings.shadow.map { directory in
      let configuration = ShadowRunner.Configuration(
        directory: directory, budget: ShadowBudget(share: settings.shadowBudget),
        // A candidate is looked at also where the rules themselves are not.
        interval: settings.watchInterval > .zero ? settings.watchInterval : .seconds(1),
        samplingMode: settings.samplingMode == .equalizing ? .equalizing : .proportional, keys: rules.keys)
      return ShadowRunner(configuration, host: rules.host) { Self.tell($0, directory, logger) }
    }
  }

  private static func tell(_ event: ShadowRunner.Event, _ directory: String, _ logger: Logger) {
    let place: Logger.Metadata = ["shadow": "\(directory)"]
    switch event {
    case .comparing(let digest, let verdict):
      logger.notice(
        "a candidate is compared with the rules in force",
        metadata: place.merging(["digest": "\(digest)", "verdict": "\(verdict.rawValue)"]) { $1 })
    case .failing(let errors): errors.tell("the candidate does not load: nothing is compared", logger)
    case .same: logger.notice("the candidate is what runs: there is nothing to compare", metadata: place)
    case .absent: logger.notice("there is no candidate: nothing is compared", metadata: place)
    }
  }

  /// Where requests come in.
  func intake(_ intake: SpanIntake) -> any TraceIntake {
    guard let runner else { return intake }
    return ShadowedIntake(intake: intake, runner: runner)
  }

  /// The comparison as JSON.
  func json() -> [UInt8] {
    let none = ShadowReport(.off, live: host.runningConfiguration.configuration.rules.digest)
    return (try? (runner?.report ?? none).json()) ?? []
  }

  /// Makes the candidate the rules that run.
  /// - Parameter digest: which candidate is meant; nil for the one that is compared.
  func promote(_ digest: String?) async -> ReloadAnswer {
    let (isRefused, document) = await RulePromotion(runner: runner, host: host, reload: reload).promote(digest)
    return ReloadAnswer(isRefused: isRefused, json: document.json)
  }

  func families() -> [MetricFamily] {
    guard let runner else { return [] }
    let totals = runner.totals
    return [
      MetricFamily(
        HostFigures.prefix + "shadow_spans_total", .counter,
        help: "Spans that were compared under the candidate, or passed over for want of time or room.",
        samples: [
          MetricSample(totals.compared, labels: [MetricLabel("outcome", "compared")]),
          MetricSample(totals.passedOver, labels: [MetricLabel("outcome", "passed_over")]),
        ]),
      MetricFamily(
        HostFigures.prefix + "shadow_changes_total", .counter, help: "What the candidate would change, by kind.",
        samples: ShadowChange.Kind.allCases.map {
          MetricSample(totals.changes[$0] ?? 0, labels: [MetricLabel("kind", $0.label)])
        }),
      MetricFamily(
        HostFigures.prefix + "shadow_failing", .gauge, help: "1 while the candidate does not load.",
        value: totals.isFailing ? 1 : 0),
    ]
  }
}

/// The comparison as a service.
struct ShadowService: Service {
  let runner: ShadowRunner?

  func run() async throws {
    guard let runner else { return try await gracefulShutdown() }
    await cancelWhenGracefulShutdown { await runner.run() }
  }
}
