internal import GRPCCore

/// What the gRPC library reports, without the library around it.
enum GRPCFailure {
  /// The error that led to this one; where there is none, what the library says.
  static func cause(_ error: any Error) -> any Error {
    switch error {
    case let error as RPCError: error.cause.map(cause) ?? Words(description: error.message)
    case let error as RuntimeError: error.cause.map(cause) ?? Words(description: error.message)
    default: error
    }
  }

  private struct Words: Error, CustomStringConvertible {
    var description: String
  }
}
