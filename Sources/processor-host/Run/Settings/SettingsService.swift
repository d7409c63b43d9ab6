internal import ServiceLifecycle

/// The watch on the configuration file as a service. It looks now and then, as the rules' watch does beside events: what
/// people change there can wait a second.
struct SettingsService: Service {
  let settings: SettingsReload

  func run() async throws {
    guard settings.hasFile, settings.interval > .zero else { return try await gracefulShutdown() }
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: settings.interval)) != nil { _ = await settings.look(isAsked: false) }
    }
  }
}
