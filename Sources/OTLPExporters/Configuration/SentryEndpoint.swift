/// Sentry's OTLP endpoint, by the address that Sentry gives for a project: `https://PUBLICKEY@HOST/PROJECT`.
public enum SentryEndpoint {
  /// The configuration of an exporter for a project.
  /// - Parameters:
  ///   - dsn: the project's address. Its key is not shown in errors.
  ///   - setting: what it was given by, for the error.
  public static func configuration(
    dsn: String, setting: String = "SENTRY_DSN"
  ) throws(ExporterConfigurationError) -> OTLPExporterConfiguration {
    func wrong(_ message: String) -> ExporterConfigurationError {
      ExporterConfigurationError(.endpoint, setting: setting, message + "; expected https://PUBLICKEY@HOST/PROJECT")
    }
    let dsn = dsn.trimmingSpaces()
    guard let scheme = dsn.firstRange(of: "://") else { throw wrong("there is no https:// at the beginning") }
    let rest = dsn[scheme.upperBound...]
    let pathStart = rest.firstIndex(of: "/") ?? rest.endIndex
    guard let at = rest[..<pathStart].lastIndex(of: "@") else { throw wrong("there is no key before '@'") }
    // An old address has a second, secret key behind a colon, which nothing needs any more.
    let key = rest[..<at].prefix { $0 != ":" }
    guard !key.isEmpty, key.utf8.allSatisfy(isKeyByte) else {
      throw wrong("the key before '@' is empty, or has other characters than letters, digits, '-' and '_'")
    }
    let path = rest[pathStart...].split(separator: "/", omittingEmptySubsequences: true)
    guard let project = path.last, project.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw wrong("the project's number is missing at the end")
    }
    var endpoint: OTLPEndpoint
    do {
      endpoint = try OTLPEndpoint(String(dsn[..<scheme.upperBound] + rest[rest.index(after: at)..<pathStart]))
    } catch {
      throw wrong(error.message)
    }
    // A Sentry below a path of a server has the path before the project.
    let folder = path.dropLast().map { "/" + $0 }.joined()
    endpoint.path = "\(folder)/api/\(project)/integration/otlp/v1/traces"
    var configuration = OTLPExporterConfiguration(endpoint: endpoint)
    try configuration.headers.set("x-sentry-auth", "sentry sentry_key=\(key)", setting: setting)
    return configuration
  }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
