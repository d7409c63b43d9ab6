/// The URL of a backend, as far as a host needs to know it.
package struct EndpointURL: Sendable, Equatable, CustomStringConvertible {
  /// Whether it is one of https.
  package var isSecure: Bool
  /// A name or an address, without the brackets of IPv6.
  package var host: String
  package var port: Int?
  /// The path and what follows it; empty or beginning with `/`.
  package var path: String

  /// Why a text is no endpoint.
  package enum Fault: Error, Equatable {
    case scheme
    /// A name and password before the host.
    case credentials
    case host
    case port
    case character
  }

  /// Reads a URL.
  package init(_ text: String) throws(Fault) {
    guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .character }
    let lowercased = text.lowercased()
    let isSecure = lowercased.hasPrefix("https://")
    guard isSecure || lowercased.hasPrefix("http://") else { throw .scheme }
    let rest = text.dropFirst(isSecure ? 8 : 7)
    let authority = rest.prefix { !"/?#".contains($0) }
    guard !authority.contains("@") else { throw .credentials }
    let path = String(rest[authority.endIndex...])
    guard !path.contains("#") else { throw .character }
    self.isSecure = isSecure
    self.path = path.hasPrefix("?") ? "/" + path : path
    let hasPort = authority.last != "]" && authority.contains(":")
    if hasPort {
      guard let address = ListenAddress(String(authority)), address.port > 0 else { throw .port }
      host = address.host
      port = address.port
    } else {
      guard let address = ListenAddress(authority + ":1") else { throw .host }
      host = address.host
      port = nil
    }
  }

  /// The port that is meant.
  package var effectivePort: Int { port ?? (isSecure ? 443 : 80) }

  package var description: String {
    let host = host.contains(":") ? "[\(host)]" : host
    return (isSecure ? "https://" : "http://") + host + (port.map { ":\($0)" } ?? "") + path
  }

  /// The same with a path behind the one it has.
  func appending(_ ending: String) -> EndpointURL {
    var copy = self
    while copy.path.hasSuffix("/") { copy.path.removeLast() }
    // Many write the whole address where only its beginning is asked for.
    if !copy.path.hasSuffix(ending) { copy.path += ending }
    return copy
  }
}

extension EndpointURL.Fault {
  /// What is wrong, to be put behind the name of a setting.
  var message: String {
    switch self {
    case .scheme: "begins with http:// or https://"
    case .credentials: "holds no name and password; say them in a header, authorization"
    case .host: "has a host's name or address behind the scheme; one of IPv6 in brackets"
    case .port: "has a port from 1 to 65535 behind the colon; an IPv6 address stands in brackets"
    case .character: "holds only visible ASCII characters and no #"
    }
  }
}
