internal import BuiltinProcessors
internal import CoreMetrics
internal import Foundation
internal import HostServices
internal import Logging
internal import OTLPReceivers
internal import ProcessorHost
internal import PrometheusMetrics
internal import ServiceLifecycle
internal import Synchronization

/// A host that is put together: rules, queue, exporters, receivers, admin port.
struct RunningHost {
  private let settings: HostConfiguration
  private let logger: Logger
  private let intake: SpanIntake
  private let queue: SpanQueue
  private let host: SpanProcessorHost
  private let reload: RuleReload
  private let shadow: ShadowAssembly
  private let settingsReload: SettingsReload
  private let receivers: ReceiverAssembly
  private let admin: AdminServer?
  /// Those whose spans have to be sent before the host can be said to have ended well.
  private let requiredExporters: Set<String>
  private let passing: Passing?
  private let lostBefore = LostBefore()
  private let readiness = Readiness()

  /// Loads the rules, runs their tests, and builds the exporters; nothing listens yet.
  /// - Parameters:
  ///   - isTrial: whether it is only to be seen if everything holds.
  ///   - makeSettings: makes what reads the configuration again.
  /// - Throws: `RuleErrors` for the rules, `ExitStatus` after saying what is wrong with anything else.
  init(
    _ resolved: ResolvedConfiguration, isTrial: Bool, _ logger: Logger,
    makeSettings: (RuleReload) -> SettingsReload
  ) async throws {
    settings = resolved.configuration
    self.logger = logger
    let rules = try RuleAssembly(
      settings.rules, TraceLimits(settings.traces), lanes: settings.lanes, isTrial: isTrial, logger)
    let host = rules.host
    self.host = host
    let registry = PrometheusRegistry()
    MetricsSystem.bootstrap(PrometheusMetricsFactory(registry))
    let marker = UUID().uuidString
    let exporters = try await ExporterAssembly(settings, marker: marker, hiding: host, logger)
    passing = exporters.passing
    requiredExporters = Set(exporters.queues.filter(\.isRequired).map(\.name))
    queue = SpanQueue(
      exporters.queues,
      limits: SpanQueue.Limits(
        batchSize: settings.queue.maxBatchSpans, scheduleDelay: settings.queue.scheduleDelay,
        spans: settings.queue.maxSpans, bytes: settings.queue.maxBytes))
    intake = SpanIntake(host: host, queue: queue)
    reload = RuleReload(
      rules, probation: settings.rules.probation,
      // All that is held, since what comes after the swap is little.
      inside: { [queue] in queue.spans(hiddenBefore: $0) + host.heldSpans }, logger)
    settingsReload = makeSettings(reload)
    shadow = ShadowAssembly(settings.rules, rules, reload, logger)
    receivers = ReceiverAssembly(settings, marker: marker, shadow.intake(intake), exporters.passthrough, logger)
    let figures = HostFigures(host: host, intake: intake, queue: queue)
    registry.register { await figures.families() }
    registry.register { [reload, settingsReload, shadow] in
      reload.families() + settingsReload.families() + shadow.families()
    }
    registry.register { ProcessFigures().families() }
    let answers = AdminAnswers(
      readiness: readiness, registry: registry, reload: reload, shadow: shadow, settings: settingsReload)
    admin = settings.admin.endpoint.map { endpoint in
      AdminServer(address: endpoint, source: answers, logger: logger) { port in
        Self.say(listening: "admin", at: "\(ListenAddress(host: endpoint.host, port: port))", logger)
      }
    }
    for line in exporters.descriptions { logger.info("exporting", metadata: line) }
  }

  /// Runs until a signal comes and everything inside has been sent.
  func run() async throws -> Ending {
    var services: [any Service] = []
    if let admin { services.append(admin) }
    // Ended from the last to the first: whoever takes spans in before what sends them out.
    services += [
      QueueService(intake: intake, queue: queue), TraceService(host: host),
      ReloadService(reloader: reload.reloader, probation: reload.probation),
      ShadowService(runner: shadow.runner), SettingsService(settings: settingsReload),
    ]
    services += receivers.services
    services.append(ReadyService(readiness: readiness, receivers: receivers, logger: logger))
    // What the group says of its services is what this host says of itself, in other words.
    let silent = Logger(label: "services") { _ in SwiftLogNoOpLogHandler() }
    var configuration = ServiceGroupConfiguration(services: services, logger: silent)
    configuration.maximumGracefulShutdownDuration = settings.shutdown.drainTimeout
    let group = ServiceGroup(configuration: configuration)
    let signals = await SignalWatch(
      end: { [self] in
        lostBefore.set(lostByRequired)
        logger.notice("ending: nothing more is accepted, what is inside is sent")
        await group.triggerGracefulShutdown()
      },
      endAtOnce: { [self] in
        logger.warning("ending at once")
        _ = report()
        ExitStatus.refused.exit()
      },
      reload: { [reload, settingsReload] in
        _ = await settingsReload.look(isAsked: true)
        await reload.now()
      })
    let failure = await withTaskGroup(of: (any Error)?.self) { tasks in
      tasks.addTask {
        await signals.run()
        return nil
      }
      tasks.addTask {
        do {
          try await group.run()
          return nil
        } catch {
          return error
        }
      }
      let first = await tasks.next() ?? nil
      tasks.cancelAll()
      return first
    }
    await passing?.shutdown()
    if let failure {
      logger.critical("a server failed", metadata: ["error": "\(failure)"])
      _ = report()
      return .failed
    }
    return report()
  }

  /// Says that somebody can connect; scripts that let the system choose the port read it from here.
  static func say(listening receiver: String, at address: String, _ logger: Logger) {
    logger.info("listening", metadata: ["receiver": "\(receiver)", "address": "\(address)"])
  }

  /// How the host ended.
  enum Ending {
    case everythingSent, spansLeft, failed

    func throwUnlessDone() throws {
      if self != .everythingSent { throw ExitStatus.refused }
    }
  }

  /// Spans that were lost on the way to exporters that are required.
  private var lostByRequired: Int {
    queue.accounts.filter { requiredExporters.contains($0.key) }.values
      .reduce(0) { $0 + $1.lost.values.reduce(0, +) }
  }

  /// Says what became of the spans.
  private func report() -> Ending {
    var left = 0
    if host.heldSpans > 0 {
      logger.notice("ended while traces were held", metadata: ["spans": "\(host.heldSpans)"])
    }
    for (name, account) in queue.accounts.sorted(by: { $0.key < $1.key }) {
      let lost = account.lost.filter { $0.value > 0 }
      var metadata: Logger.Metadata = [
        "exporter": "\(name)", "received": "\(account.received)", "exported": "\(account.exported)",
        "refused": "\(account.refused)",
      ]
      for (reason, count) in lost { metadata["lost_\(reason.rawValue)"] = "\(count)" }
      if account.inside > 0 { metadata["inside"] = "\(account.inside)" }
      logger.notice("ended", metadata: metadata)
      if requiredExporters.contains(name) { left += account.inside }
    }
    left += lostByRequired - lostBefore.count + host.heldSpans
    return left == 0 ? .everythingSent : .spansLeft
  }
}

/// How many spans had been lost when the host was told to end: what is lost after that was left.
private final class LostBefore: Sendable {
  private let value = Mutex(0)

  var count: Int { value.withLock { $0 } }

  func set(_ count: Int) { value.withLock { $0 = count } }
}
