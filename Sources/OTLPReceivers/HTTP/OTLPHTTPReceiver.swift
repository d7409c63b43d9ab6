internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOPosix
public import ProcessorHost
public import ServiceLifecycle

/// Receives OTLP/HTTP: `POST /v1/traces`, in protobuf and JSON. OTLP specification: OTLP/HTTP.
///
/// `run` listens until a graceful shutdown, then answers what is under way and returns. It throws a ``ReceiverError``
/// where it can not listen.
public final class OTLPHTTPReceiver: Service {
  private let gatekeeper: Gatekeeper
  private let boundPort = BoundPort()

  /// Makes a receiver; nothing listens before `run`.
  ///
  /// - Parameter budget: the bytes that bodies may take; receivers of one host share theirs.
  public init(
    configuration: ReceiverConfiguration = .http,
    intake: any TraceIntake,
    budget: BodyBudget = BodyBudget(),
    observer: any ReceiverObserver = SilentReceiverObserver(),
    logger: Logger
  ) {
    self.gatekeeper = Gatekeeper(.http, configuration, intake, budget, observer, logger)
  }

  /// The port that is listened on, once it is. Throws what `run` throws where it can not listen.
  public var port: Int {
    get async throws { try await boundPort.value }
  }

  /// Listens, and answers requests.
  public func run() async throws {
    do {
      let tls = try gatekeeper.configuration.tls.map { try LoadedTLS($0, gatekeeper.logger) }
      let server = try server(tls)
      try await withThrowingTaskGroup { group in
        if let tls { group.addTask { try await tls.reloader.run() } }
        try await server.run()
        group.cancelAll()
      }
      boundPort.set(.failure(CancellationError()))
    } catch {
      let error = ReceiverError(listening: error, transport: "OTLP/HTTP", gatekeeper.configuration) ?? error
      boundPort.set(.failure(error))
      throw error
    }
  }

  private func server(_ tls: LoadedTLS?) throws -> any Service {
    let configuration = gatekeeper.configuration
    let limits = configuration.limits
    let responder = HTTPResponder(gatekeeper)
    let http = HTTP1Channel(
      responder: { try await responder.respond($0, $1, $2) },
      configuration: HTTP1Channel.Configuration(additionalChannelHandlers: [RequestPhaseHandler()])
    )
    let timed = TimedHTTPChannel(http, gatekeeper)
    let channel: any ServerChildChannel =
      if let tls { try TLSChannel(timed, tlsConfiguration: tls.configuration) } else { timed }
    // The server's own lines name what this one says better.
    var quiet = gatekeeper.logger
    quiet.logLevel = .critical
    return channel.server(
      configuration: ServerConfiguration(
        address: .hostname(configuration.host, port: configuration.port),
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)),
      onServerRunning: { [boundPort, gatekeeper] channel in
        let port = channel.localAddress?.port ?? configuration.port
        gatekeeper.logger.debug(
          "OTLP/HTTP is listening", metadata: ["address": "\(configuration.host):\(port)", "tls": "\(tls != nil)"])
        boundPort.set(.success(port))
      },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: quiet)
  }
}
