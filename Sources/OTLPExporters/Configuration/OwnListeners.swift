/// The addresses on which a host listens: an exporter that sends there would send to itself, for ever.
public struct OwnListeners: Sendable {
  /// Hosts and ports, as they were bound.
  private let addresses: [(host: String, port: Int)]

  /// The listeners by host and port; a host of `0.0.0.0` or `::` is every address of the machine.
  public init(_ addresses: [(host: String, port: Int)]) {
    self.addresses = addresses.map { (Self.plain($0.host), $0.port) }
  }

  /// Whether an endpoint is one of the listeners, by what its name says alone: nothing is looked up. The marker header
  /// finds what this does not see.
  public func include(_ endpoint: OTLPEndpoint) -> Bool {
    let host = Self.plain(endpoint.host)
    return addresses.contains { $0.port == endpoint.port && Self.isSame(host, $0.host) }
  }

  private static func isSame(_ endpoint: String, _ listener: String) -> Bool {
    if endpoint == listener { return true }
    if isUnspecified(listener) { return isLocal(endpoint) }
    return isName(endpoint) && isLocal(listener) || isName(listener) && isLocal(endpoint)
  }

  /// Names and addresses that reach the machine itself, whatever its own are.
  private static func isLocal(_ host: String) -> Bool {
    isName(host) || isUnspecified(host) || host == "::1" || host.hasPrefix("127.") || host.hasPrefix("::ffff:127.")
  }

  /// Those that stand for both loopback addresses. To connect to the unspecified address reaches the machine itself.
  private static func isName(_ host: String) -> Bool {
    host == "localhost" || host.hasSuffix(".localhost") || host == "ip6-localhost" || isUnspecified(host)
  }

  private static func isUnspecified(_ host: String) -> Bool { host == "0.0.0.0" || host == "::" || host.isEmpty }

  /// A host without brackets, a last dot, or upper case.
  private static func plain(_ host: String) -> String {
    var host = host.lowercased()[...]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    if host.hasSuffix(".") { host = host.dropLast() }
    return host == "0:0:0:0:0:0:0:1" ? "::1" : String(host)
  }
}
