internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import ServiceLifecycle

/// The port that tells how the host is: `/live`, `/ready`, `/metrics`, `/rules` and `/config`; below `/rules/` it does
/// what people ask for with the rules.
///
/// In a service group it stands before the receivers: services end in the reverse order, so that the figures can be
/// read, and `/ready` says no, while the host drains.
package struct AdminServer: Service {
  /// The port of `/metrics` answers with this.
  package static let metricsContentType = "text/plain; version=0.0.4; charset=utf-8"

  private let address: ListenAddress
  private let source: any AdminSource
  private let logger: Logger
  private let onListening: @Sendable (_ port: Int) async -> Void

  /// - Parameter onListening: is told the port once connections are taken.
  package init(
    address: ListenAddress, source: any AdminSource, logger: Logger,
    onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.address = address
    self.source = source
    self.logger = logger
    self.onListening = onListening
  }

  /// Serves until graceful shutdown.
  /// - Throws: `ListeningError` where the port cannot be opened.
  package func run() async throws {
    // What the server says of itself when it begins and ends, this host says better.
    var quiet = logger
    quiet.logLevel = .critical
    let application = Application(
      responder: AdminResponder(source: source),
      // Who asks does so at once, and again in some seconds.
      server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port), serverName: nil,
        availableConnectionsDelegate: MaximumAvailableConnections(64)),
      onServerRunning: { [onListening] channel in
        if let port = channel.localAddress?.port { await onListening(port) }
      },
      logger: quiet)
    do {
      try await application.run()
    } catch let error as IOError {
      throw ListeningError(setting: "admin.endpoint", address: address, reason: "\(error)")
    }
  }
}
