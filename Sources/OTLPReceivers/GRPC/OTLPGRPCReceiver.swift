internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import HummingbirdCore
public import Logging
internal import NIOCore
internal import NIOPosix
public import ProcessorHost
public import ServiceLifecycle

/// Receives OTLP/gRPC: `TraceService.Export`. OTLP specification: OTLP/gRPC.
///
/// `run` listens until a graceful shutdown, then answers what is under way and returns. It throws a ``ReceiverError``
/// where it can not listen.
public final class OTLPGRPCReceiver: Service {
  /// The largest frame that HTTP/2 has, and windows that hold several requests: with the transport's defaults of 16 and
  /// 64 KiB, receiving costs three times as much.
  private static let frameSize = 1 << 24 - 1
  private static let windowSize = 16 << 20

  private let gatekeeper: Gatekeeper
  private let boundPort = BoundPort()
  private let arrivals = GRPCArrivals()

  /// Makes a receiver; nothing listens before `run`.
  ///
  /// - Parameter budget: the bytes that bodies may take; receivers of one host share theirs.
  public init(
    configuration: ReceiverConfiguration = .grpc,
    intake: any TraceIntake,
    budget: BodyBudget = BodyBudget(),
    observer: any ReceiverObserver = SilentReceiverObserver(),
    logger: Logger
  ) {
    self.gatekeeper = Gatekeeper(.grpc, configuration, intake, budget, observer, logger)
  }

  /// The port that is listened on, once it is. Throws what `run` throws where it can not listen.
  public var port: Int {
    get async throws { try await boundPort.value }
  }

  /// Listens, and answers requests.
  public func run() async throws {
    do {
      let tls = try gatekeeper.configuration.tls.map { try LoadedTLS($0, gatekeeper.logger) }
      let transport = HTTP2ServerTransport.Posix(
        address: try address(), transportSecurity: try tls?.grpc ?? .plaintext, config: transportConfiguration(),
        eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
      let server = GRPCServer(transport: transport, services: [ExportServices(gatekeeper, arrivals)])
      try await withThrowingTaskGroup { group in
        if let tls { group.addTask { try await tls.reloader.run() } }
        group.addTask { await self.announce(transport, isTLS: tls != nil) }
        try await withGracefulShutdownHandler {
          try await server.serve()
        } onGracefulShutdown: {
          server.beginGracefulShutdown()
        }
        group.cancelAll()
      }
      boundPort.set(.failure(CancellationError()))
    } catch {
      let cause = (error as? RuntimeError)?.cause ?? error
      let error = ReceiverError(listening: cause, transport: "OTLP/gRPC", gatekeeper.configuration) ?? error
      boundPort.set(.failure(error))
      throw error
    }
  }

  private func announce(_ transport: HTTP2ServerTransport.Posix, isTLS: Bool) async {
    guard let address = try? await transport.listeningAddress else { return }
    let port = address.ipv4?.port ?? address.ipv6?.port ?? gatekeeper.configuration.port
    gatekeeper.logger.debug(
      "OTLP/gRPC is listening",
      metadata: ["address": "\(gatekeeper.configuration.host):\(port)", "tls": "\(isTLS)"])
    boundPort.set(.success(port))
  }

  private func address() throws -> GRPCNIOTransportHTTP2Posix.SocketAddress {
    let configuration = gatekeeper.configuration
    let address = try NIOCore.SocketAddress.makeAddressResolvingHost(configuration.host, port: configuration.port)
    let host = address.ipAddress ?? configuration.host
    return if case .v6 = address { .ipv6(host: host, port: configuration.port) } else {
      .ipv4(host: host, port: configuration.port)
    }
  }

  private func transportConfiguration() -> HTTP2ServerTransport.Posix.Config {
    let limits = gatekeeper.limits
    return .defaults { config in
      config.http2.maxFrameSize = Self.frameSize
      config.http2.targetWindowSize = Self.windowSize
      config.http2.maxConcurrentStreams = limits.streamsPerConnection
      config.rpc.maxRequestPayloadSize = limits.bodyBytes
      config.connection.maxIdleTime = limits.idleTimeout
      config.connection.maxGraceTime = limits.bodyTimeout
      // Clients of OTLP are idle between exports, and many ask then whether the connection still is.
      config.connection.keepalive.clientBehavior.allowWithoutCalls = true
      config.connection.keepalive.clientBehavior.minPingIntervalWithoutCalls = .seconds(10)
      config.channelDebuggingCallbacks = channelCallbacks()
    }
  }

  /// The transport calls these where a channel has been set up. They are named for debugging; what they give is the
  /// only way to a connection's bytes and to a request before it is buffered.
  private func channelCallbacks() -> HTTP2ServerTransport.Config.ChannelDebuggingCallbacks {
    let gatekeeper = gatekeeper
    let arrivals = arrivals
    return HTTP2ServerTransport.Config.ChannelDebuggingCallbacks(
      onBindTCPListener: { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            AvailableConnectionsChannelHandler(maxConnections: gatekeeper.limits.connections), position: .first)
        }
      },
      onAcceptTCPConnection: { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.allowLargeReads()
          try GRPCConnectionGuard.add(to: channel, gatekeeper)
        }
      },
      onAcceptHTTP2Stream: { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(GRPCRequestGate(gatekeeper, arrivals), position: .first)
        }
      })
  }
}
