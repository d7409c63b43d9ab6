/// Where a server listens.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  /// A name or an address, without the brackets of IPv6.
  package var host: String
  /// The port; 0 is any that is free.
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `127.0.0.1:4317`, `localhost:4317` or `[::1]:4317`.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      // A zone behind % names an interface.
      guard host.contains(":"), host.prefix(while: { $0 != "%" }).allSatisfy({ $0.isHexDigit || ":.".contains($0) })
      else { return nil }
    } else if host.isEmpty || !host.utf8.allSatisfy(Self.isInName) {
      return nil
    }
    self.init(host: String(host), port: Int(port))
  }

  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether only programs on the same machine can reach it.
  package var isLoopback: Bool { Self.isLoopback(host) }

  /// Whether a host is this machine by its name alone; no name is looked up.
  static func isLoopback(_ host: String) -> Bool {
    let host = host.lowercased()
    return host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "::1"
      || host.hasPrefix("::ffff:127.")
  }

  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
