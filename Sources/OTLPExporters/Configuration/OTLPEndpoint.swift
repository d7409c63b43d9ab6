internal import ProcessorHost

/// Where an exporter sends to: `https://collector.example:4318/v1/traces`.
public struct OTLPEndpoint: Sendable, Hashable {
  /// Whether the connection is encrypted.
  public var isSecure: Bool
  /// A name or an address, one of IPv6 without its brackets.
  public var host: String
  /// The port; 80 or 443 where the address gives none.
  public var port: Int
  /// The path as it was given, without the query; empty or beginning with a slash.
  public var path: String
  /// What stands behind the question mark, as it was given. It can hold a key, so it is never shown.
  public var query: String?

  /// An endpoint by its parts.
  public init(isSecure: Bool, host: String, port: Int, path: String = "", query: String? = nil) {
    self.isSecure = isSecure
    self.host = host
    self.port = port
    self.path = path
    self.query = query
  }

  /// Reads the address of an endpoint.
  /// - Parameters:
  ///   - text: `http://host:port/path`; for gRPC also `host:port`.
  ///   - schemeless: whether an address without a scheme is encrypted; nil where it needs one.
  ///   - setting: what the address was given by, for the error.
  public init(_ text: String, schemeless: Bool? = nil, setting: String = "endpoint") throws(ExporterConfigurationError)
  {
    func wrong(_ message: String) -> ExporterConfigurationError {
      ExporterConfigurationError(.endpoint, setting: setting, message)
    }
    let text = text.trimmingSpaces()
    if text.isEmpty { throw wrong("expected an address such as http://localhost:4318, found nothing") }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw wrong("an address is written in ASCII without spaces; percent-encode what is not")
    }
    let parts = try Self.splitScheme(text, schemeless, wrong)
    isSecure = parts.isSecure
    var authority = parts.rest
    var path = ""[...]
    if let end = authority.firstIndex(where: { "/?#".contains($0) }) {
      path = authority[end...]
      authority = authority[..<end]
    }
    if authority.contains("@") {
      throw wrong("credentials cannot stand in the address: give them as a header, such as authorization=Basic%20…")
    }
    if path.contains("#") { throw wrong("an endpoint has no fragment: take '#' and what follows out of the address") }
    (host, port) = try Self.splitPort(authority, isSecure: parts.isSecure, wrong)
    let pieces = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.path = pieces.first.map(String.init) ?? ""
    query = pieces.count > 1 ? String(pieces[1]) : nil
  }

  private static func splitScheme(
    _ text: String, _ schemeless: Bool?, _ wrong: (String) -> ExporterConfigurationError
  ) throws(ExporterConfigurationError) -> (isSecure: Bool, rest: Substring) {
    guard let range = text.firstRange(of: "://") else {
      guard let schemeless else {
        throw wrong("an address begins with http:// or https://, as in http://localhost:4318")
      }
      return (schemeless, text[...])
    }
    switch text[..<range.lowerBound].lowercased() {
    case "http": return (false, text[range.upperBound...])
    case "https": return (true, text[range.upperBound...])
    case let scheme:
      throw wrong("the scheme '\(String.printable(String(scheme.prefix(20))))' is not known: use http or https")
    }
  }

  private static func splitPort(
    _ authority: Substring, isSecure: Bool, _ wrong: (String) -> ExporterConfigurationError
  ) throws(ExporterConfigurationError) -> (host: String, port: Int) {
    var host = authority
    var digits: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw wrong("the address of IPv6 lacks its ']'") }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { throw wrong("behind ']' stands ':' and a port, or nothing") }
      if !rest.isEmpty { digits = rest.dropFirst() }
    } else if let colon = authority.lastIndex(of: ":") {
      host = authority[..<colon]
      digits = authority[authority.index(after: colon)...]
      if host.contains(":") { throw wrong("an address of IPv6 stands in brackets, as in http://[::1]:4318") }
    }
    if host.isEmpty { throw wrong("the address names no host") }
    guard let digits else { return (String(host), isSecure ? 443 : 80) }
    guard let port = Int(digits), (1...65535).contains(port), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { throw wrong("a port is a number from 1 to 65535, found '\(digits.prefix(20))'") }
    return (String(host), port)
  }

  /// The path of the traces. OTLP specification: OTLP/HTTP Request.
  package static let tracesPath = "/v1/traces"

  /// The endpoint with the path of the traces behind its own. OTLP specification: Endpoint URLs for OTLP/HTTP.
  ///
  /// Many write the whole address where only its beginning is asked for: a path that ends so already stays.
  public func appendingTracesPath() -> OTLPEndpoint {
    var endpoint = self
    while endpoint.path.hasSuffix("/") { endpoint.path.removeLast() }
    if !endpoint.path.hasSuffix(Self.tracesPath) { endpoint.path += Self.tracesPath }
    return endpoint
  }

  /// The address as it would be given, with its query, which can hold a key.
  package var address: String {
    let defaultPort = isSecure ? 443 : 80
    let port = port == defaultPort ? "" : ":\(port)"
    return "\(isSecure ? "https" : "http")://\(bracketedHost)\(port)\(path)\(query.map { "?" + $0 } ?? "")"
  }

  /// The name or address, as it stands in an address.
  var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

  /// Host and port.
  package var authority: String { "\(bracketedHost):\(port)" }

  /// The whole address, with its query.
  func url(host other: String? = nil) -> String {
    let shown = other ?? bracketedHost
    return
      "\(isSecure ? "https" : "http")://\(shown):\(port)\(path.isEmpty ? "/" : path)\(query.map { "?" + $0 } ?? "")"
  }
}

extension OTLPEndpoint: CustomStringConvertible {
  /// The address; of a query only that there is one.
  public var description: String {
    "\(isSecure ? "https" : "http")://\(authority)\(path)\(query == nil ? "" : "?…")"
  }
}

extension String {
  /// The text without spaces and tabs around it.
  func trimmingSpaces() -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let bytes = utf8.drop(while: isSpace)
    guard let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(bytes[...last]) ?? self
  }
}
