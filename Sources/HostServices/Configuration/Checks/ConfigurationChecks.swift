internal import OTLPExporters
internal import ProcessorHost

/// What can only be told of all settings together.
struct ConfigurationChecks {
  let configuration: HostConfiguration
  private let origins: [String: Origin]
  private(set) var errors: [ConfigurationError] = []
  var notices: [String] = []

  init(configuration: HostConfiguration, origins: [String: Origin]) {
    self.configuration = configuration
    self.origins = origins
    checkQueue()
    checkListeners()
    checkEndpoints()
    checkPassthrough()
    checkApproval()
  }

  mutating func wrong(_ message: String, at path: String) {
    errors.append(ConfigurationError(message, at: origins[path]))
  }

  private mutating func checkQueue() {
    let queue = configuration.queue
    if queue.maxBatchSpans > queue.maxSpans {
      // The one that somebody said is the one to look at.
      let path = origins["queue.max_batch_spans"] == nil ? "queue.max_spans" : "queue.max_batch_spans"
      wrong(
        "a batch of \(queue.maxBatchSpans) spans (queue.max_batch_spans) has no room in a queue of \(queue.maxSpans) "
          + "(queue.max_spans)", at: path)
    }
    let receivers = configuration.receivers
    if receivers.maxBodyBytes > receivers.maxInflightBytes {
      let path =
        origins["receivers.max_body_bytes"] == nil ? "receivers.max_inflight_bytes" : "receivers.max_body_bytes"
      wrong(
        "a request of receivers.max_body_bytes, \(ByteCount.text(receivers.maxBodyBytes)), has no room in "
          + "receivers.max_inflight_bytes, \(ByteCount.text(receivers.maxInflightBytes))", at: path)
    }
  }

  // MARK: Listeners

  private mutating func checkListeners() {
    let receivers = configuration.receivers
    if receivers.grpc.endpoint == nil, receivers.http.endpoint == nil {
      wrong(
        "nothing would be received: receivers.grpc.endpoint and receivers.http.endpoint are both none",
        at: "receivers.http.endpoint")
    }
    let listeners = Listener.all(configuration)
    for (index, listener) in listeners.enumerated() {
      for other in listeners[..<index] where other.overlaps(listener.address) {
        wrong(
          "\(listener.setting) and \(other.setting) are both on port \(listener.address.port)", at: listener.setting)
      }
    }
    for (name, server) in [("grpc", receivers.grpc), ("http", receivers.http)] {
      let section = "receivers.\(name).tls"
      if (server.tls.certificate == nil) != (server.tls.key == nil) {
        wrong(
          "a certificate and its key come together: \(section).certificate, \(section).key",
          at: server.tls.key == nil ? "\(section).certificate" : "\(section).key")
      } else if server.tls.clientCA != nil, server.tls.certificate == nil {
        wrong("\(section).client_ca needs \(section).certificate and \(section).key", at: "\(section).client_ca")
      }
      guard let endpoint = server.endpoint, !endpoint.isLoopback else { continue }
      if receivers.bearerToken != nil, server.tls.certificate == nil {
        notices.append("receivers.\(name) takes the token in plain text on \(endpoint); give it a certificate")
      }
    }
    if let admin = configuration.admin.endpoint, !admin.isLoopback {
      notices.append("admin.endpoint is on \(admin): whoever reaches it can read the rules' names and all figures")
    }
  }

  /// An exporter that sends to this host would send the same spans for ever.
  private mutating func checkEndpoints() {
    for exporter in configuration.exporters {
      guard let target = exporter.target else { continue }
      for listener in Listener.all(configuration) where listener.isReached(by: target) {
        let name = String.printable(exporter.name)
        wrong(
          "the exporter \(name) points at this host's own \(listener.setting), \(listener.address); name a backend",
          at: "exporters[\(exporter.name)].endpoint")
      }
    }
  }

  private mutating func checkPassthrough() {
    let passthrough = configuration.passthrough
    let able = configuration.exporters.filter { $0.kind == .otlpHTTP }
    if let name = passthrough.exporter {
      if able.contains(where: { $0.name == name }) { return }
      let hint = Suggestion.hint(for: String(name.prefix(64)), in: able.map(\.name))
      wrong(
        "there is no exporter \(String.printable(name)) of kind otlp-http\(able.isEmpty ? "" : hint)",
        at: "passthrough.exporter")
    } else if passthrough.logs || passthrough.metrics, able.isEmpty {
      wrong(
        "logs and metrics can only be passed on over OTLP/HTTP, and no exporter is of kind otlp-http",
        at: passthrough.logs ? "passthrough.logs" : "passthrough.metrics")
    }
  }
}

/// A port of this host.
struct Listener {
  let setting: String
  let address: ListenAddress

  static func all(_ configuration: HostConfiguration) -> [Listener] {
    [
      ("receivers.grpc.endpoint", configuration.receivers.grpc.endpoint),
      ("receivers.http.endpoint", configuration.receivers.http.endpoint),
      ("admin.endpoint", configuration.admin.endpoint),
    ].compactMap { setting, address in address.map { Listener(setting: setting, address: $0) } }
  }

  /// Whether two servers cannot both have their addresses.
  func overlaps(_ other: ListenAddress) -> Bool {
    guard address.port == other.port, address.port != 0 else { return false }
    return isEverywhere || Self.isEverywhere(other.host) || Self.isSame(address.host, other.host)
  }

  /// Whether an endpoint leads to this port.
  func isReached(by endpoint: OTLPEndpoint) -> Bool {
    OwnListeners([(host: address.host, port: address.port)]).include(endpoint)
  }

  /// Whether two hosts are one by their names. The addresses 127.0.0.1, 127.0.0.2 and ::1 are three; localhost can be
  /// each of them.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    let (left, right) = (left.lowercased(), right.lowercased())
    if left == right { return true }
    let isNamed = [left, right].contains { $0 == "localhost" || $0.hasSuffix(".localhost") }
    return isNamed && ListenAddress.isLoopback(left) && ListenAddress.isLoopback(right)
  }

  private var isEverywhere: Bool { Self.isEverywhere(address.host) }

  private static func isEverywhere(_ host: String) -> Bool { host == "0.0.0.0" || host == "::" || host == "*" }
}
