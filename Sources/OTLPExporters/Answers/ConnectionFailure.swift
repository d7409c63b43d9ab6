internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What went wrong with a connection, in words for a log.
package enum ConnectionFailure {
  /// - Parameter endpoint: where the connection went.
  package static func message(_ error: any Error, _ endpoint: OTLPEndpoint) -> String {
    let reason = reason(error)
    return ServerMessage.shown("\(endpoint.authority): \(reason)\(advice(reason, endpoint))")
  }

  /// Whether nobody took the connection: then nothing was heard on it either.
  package static func isWithoutConnection(_ error: any Error) -> Bool {
    switch error {
    case is NIOConnectionError: true
    case let error as IOError:
      [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT].contains(error.errnoCode)
    case let error as HTTPClientError: error == .connectTimeout
    default: false
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError:
      // Its long description can repeat headers.
      return error.shortDescription
    case let error as NIOConnectionError:
      if let refused = error.connectionErrors.first { return reason(refused.error) }
      if error.dnsAError != nil || error.dnsAAAAError != nil { return "the name cannot be resolved" }
      return "no connection"
    case let error as IOError:
      return error.description
    case let error as NIOSSLError:
      return tlsReason("\(error)")
    case let error as NIOSSLExtraError:
      return error.description
    default:
      return "\(error)"
    }
  }

  /// Of what the library says the reason alone: it also names its own source files.
  private static func tlsReason(_ text: String) -> String {
    guard let range = text.firstRange(of: "OPENSSL_internal:") else { return "the TLS handshake failed: \(text)" }
    let reason = text[range.upperBound...].prefix { $0.isUppercase || $0.isNumber || $0 == "_" }
    return "the TLS handshake failed: \(reason)"
  }

  private static func advice(_ reason: String, _ endpoint: OTLPEndpoint) -> String {
    if reason.contains("CERTIFICATE_VERIFY_FAILED") || reason.contains("unableToValidateCertificate") {
      return "; the server's certificate is not trusted: check OTEL_EXPORTER_OTLP_CERTIFICATE"
    }
    if reason.contains("failedToValidateHostname") {
      return "; the server's certificate has another name: check the endpoint's host"
    }
    if reason.contains("CERTIFICATE_REQUIRED") {
      return "; the server wants a certificate: check OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"
    }
    if reason.contains("WRONG_VERSION_NUMBER") {
      return "; the server does not speak TLS: use http://"
    }
    return ""
  }
}
