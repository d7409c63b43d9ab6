internal import HostServices
internal import Logging
internal import Metrics
internal import OTLPReceivers
internal import ProcessorHost
internal import ServiceLifecycle

/// The receivers of a host.
struct ReceiverAssembly {
  private(set) var services: [any Service] = []
  /// The address of each once it listens, by the receiver's name.
  private(set) var addresses: [(name: String, address: @Sendable () async throws -> String)] = []

  init(
    _ settings: HostConfiguration, marker: String, _ intake: any TraceIntake, _ passthrough: [OTLPSignal: Passthrough],
    _ logger: Logger
  ) {
    let common = settings.receivers
    let budget = BodyBudget(maximumBytes: common.maxInflightBytes)
    let observer = ReceiverReporter()
    func configuration(_ server: ReceiverSettings.Server, _ endpoint: ListenAddress) -> ReceiverConfiguration {
      var configuration = ReceiverConfiguration(host: endpoint.host, port: endpoint.port)
      configuration.limits.bodyBytes = common.maxBodyBytes
      configuration.limits.connections = common.maxConnections
      configuration.limits.idleTimeout = common.idleTimeout
      configuration.limits.headerTimeout = common.headerTimeout
      if let certificate = server.tls.certificate, let key = server.tls.key {
        configuration.tls = ReceiverTLS(
          certificateFile: certificate, privateKeyFile: key, clientAuthoritiesFile: server.tls.clientCA)
      }
      configuration.bearerToken = common.bearerToken.flatMap { BearerToken($0) }
      configuration.ownMarker = marker
      configuration.passthrough = passthrough
      return configuration
    }
    if let endpoint = common.grpc.endpoint {
      let receiver = OTLPGRPCReceiver(
        configuration: configuration(common.grpc, endpoint), intake: intake, budget: budget, observer: observer,
        logger: logger)
      services.append(receiver)
      addresses.append(("otlp-grpc", { "\(ListenAddress(host: endpoint.host, port: try await receiver.port))" }))
    }
    if let endpoint = common.http.endpoint {
      let receiver = OTLPHTTPReceiver(
        configuration: configuration(common.http, endpoint), intake: intake, budget: budget, observer: observer,
        logger: logger)
      services.append(receiver)
      addresses.append(("otlp-http", { "\(ListenAddress(host: endpoint.host, port: try await receiver.port))" }))
    }
  }
}

/// Tells the metrics of every request.
private struct ReceiverReporter: ReceiverObserver {
  func received(_ request: ReceivedRequest) {
    let dimensions = [("outcome", request.outcome.rawValue), ("transport", request.transport.rawValue)]
    Timer(label: HostFigures.prefix + "receiver_request_duration", dimensions: dimensions)
      .recordNanoseconds(Int64(request.duration / .nanoseconds(1)))
    let transport = [("transport", request.transport.rawValue)]
    Counter(label: HostFigures.prefix + "receiver_bytes", dimensions: transport).increment(by: request.receivedBytes)
  }
}
