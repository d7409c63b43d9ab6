/// The status codes of gRPC, which google.rpc.Status has too.
public enum RPCCode: Int, Sendable, Hashable, CaseIterable {
  /// It went well.
  case ok = 0
  /// The caller gave up.
  case cancelled = 1
  /// An error without a known kind.
  case unknown = 2
  /// The request can not be understood; sending it again is of no use.
  case invalidArgument = 3
  /// No answer in time.
  case deadlineExceeded = 4
  /// What was asked for does not exist.
  case notFound = 5
  /// What was to be made exists.
  case alreadyExists = 6
  /// The caller is known and may not do this.
  case permissionDenied = 7
  /// A quota or a size is exceeded.
  case resourceExhausted = 8
  /// The system is not in a state for this.
  case failedPrecondition = 9
  /// Given up, because of another request, mostly.
  case aborted = 10
  /// Past the end of something.
  case outOfRange = 11
  /// There is no such service or method.
  case unimplemented = 12
  /// A fault of the server.
  case internalError = 13
  /// The server can not do this now; later it may.
  case unavailable = 14
  /// Data was lost for good.
  case dataLoss = 15
  /// The caller did not say who it is, or not so that it is believed.
  case unauthenticated = 16

  /// The name that the gRPC specification writes: `INVALID_ARGUMENT`.
  public var name: String {
    switch self {
    case .ok: "OK"
    case .cancelled: "CANCELLED"
    case .unknown: "UNKNOWN"
    case .invalidArgument: "INVALID_ARGUMENT"
    case .deadlineExceeded: "DEADLINE_EXCEEDED"
    case .notFound: "NOT_FOUND"
    case .alreadyExists: "ALREADY_EXISTS"
    case .permissionDenied: "PERMISSION_DENIED"
    case .resourceExhausted: "RESOURCE_EXHAUSTED"
    case .failedPrecondition: "FAILED_PRECONDITION"
    case .aborted: "ABORTED"
    case .outOfRange: "OUT_OF_RANGE"
    case .unimplemented: "UNIMPLEMENTED"
    case .internalError: "INTERNAL"
    case .unavailable: "UNAVAILABLE"
    case .dataLoss: "DATA_LOSS"
    case .unauthenticated: "UNAUTHENTICATED"
    }
  }
}
