/// Sentry's DSN, `https://KEY@HOST/PROJECT`: where a project's events go, and the key with which.
package struct SentryDSN: Sendable, Equatable {
  /// Sentry's OTLP endpoint for traces.
  package let endpoint: String
  /// The key. Secret.
  package let key: String

  /// The header that holds the key.
  package static let headerName = "x-sentry-auth"
  package var headerValue: String { "sentry sentry_key=\(key)" }

  /// Reads a DSN; nil for what is none. A secret key behind the public one, as old DSNs have it, is not used.
  package init?(_ text: String) {
    guard let colon = text.firstRange(of: "://"), let at = text[colon.upperBound...].firstIndex(of: "@") else {
      return nil
    }
    let credentials = text[colon.upperBound..<at]
    let key = credentials.prefix { $0 != ":" }
    let address = text[..<colon.upperBound] + text[text.index(after: at)...]
    guard !key.isEmpty, key.utf8.allSatisfy(Self.isInKey), var url = try? EndpointURL(String(address)) else {
      return nil
    }
    let parts = url.path.split(separator: "/")
    guard let project = parts.last, project.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let prefix = parts.dropLast().map { "/\($0)" }.joined()
    url.path = "\(prefix)/api/\(project)/integration/otlp/v1/traces"
    endpoint = url.description
    self.key = String(key)
  }

  private static func isInKey(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "-_".utf8.contains(byte)
    }
  }
}
