internal import HostServices
internal import Logging
internal import ProcessorHost
internal import PrometheusMetrics
internal import ServiceLifecycle
internal import Synchronization

/// Whether the host takes spans: from the moment all receivers listen until it is told to end.
final class Readiness: Sendable {
  private let reason = Mutex<String?>("starting")

  /// Why it does not; nil where it does.
  var unreadiness: String? { reason.withLock { $0 } }

  func set(_ reason: String?) { self.reason.withLock { $0 = reason } }
}

/// Says where the receivers listen, and when the host is ready.
///
/// It stands last in the group: it is the first that is told of the end, and the host is not ready from then on.
struct ReadyService: Service {
  let readiness: Readiness
  let receivers: ReceiverAssembly
  let logger: Logger

  func run() async throws {
    for (name, address) in receivers.addresses {
      RunningHost.say(listening: name, at: try await address(), logger)
    }
    readiness.set(nil)
    logger.info("ready")
    try? await gracefulShutdown()
    readiness.set("ending")
  }
}

/// What the admin port tells.
struct AdminAnswers: AdminSource {
  let readiness: Readiness
  let registry: PrometheusRegistry
  let reload: RuleReload
  let shadow: ShadowAssembly
  let settings: SettingsReload

  func unreadiness() async -> String? { readiness.unreadiness }

  func metrics() async -> String { await registry.text() }

  func rules() async -> [UInt8] { reload.json() }

  func reloadRules() async -> ReloadAnswer { await reload.answer(settings) }

  func acceptRules() async -> ReloadAnswer { await reload.accept() }

  func revertRules() async -> ReloadAnswer { await reload.revert() }

  func shadowRules() async -> [UInt8] { shadow.json() }

  func promoteRules(_ digest: String?) async -> ReloadAnswer { await shadow.promote(digest) }

  func configuration() async -> [UInt8] { (try? ConfigurationJSON(settings.effective).bytes) ?? [] }
}
