internal import AsyncHTTPClient
internal import GRPCCore
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// What went wrong with a connection, in words for a log.
enum ConnectionFailure {
  /// - Parameter endpoint: where the connection went.
  static func message(_ error: any Error, _ endpoint: OTLPEndpoint) -> String {
    let reason = reason(error)
    return ServerMessage.shown("\(endpoint.authority): \(reason)\(advice(reason, endpoint))")
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
    case let error as RPCError:
      if let cause = error.cause { return reason(cause) }
      return error.message
    case let error as RuntimeError:
      if let cause = error.cause { return reason(cause) }
      return error.message
    case let error as IOError:
      return error.description
    default:
      return "\(error)"
    }
  }

  private static func advice(_ reason: String, _ endpoint: OTLPEndpoint) -> String {
    if reason.contains("CERTIFICATE_VERIFY_FAILED") || reason.contains("unableToValidateCertificate") {
      return "; the server's certificate is not trusted: check OTEL_EXPORTER_OTLP_CERTIFICATE"
    }
    if reason.contains("WRONG_VERSION_NUMBER") {
      return "; the server does not speak TLS: use http://"
    }
    return ""
  }
}
