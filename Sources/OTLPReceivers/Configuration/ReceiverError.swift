internal import Foundation
internal import NIOCore

/// A receiver could not begin, or not go on. It says what to do.
public struct ReceiverError: Error, Sendable, CustomStringConvertible {
  /// The kind of an error.
  public struct Code: Sendable, Hashable {
    private enum Kind {
      case portInUse
      case cannotListen
      case badCertificate
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// Something else listens on the port.
    public static var portInUse: Code { Code(.portInUse) }
    /// The address can not be listened on.
    public static var cannotListen: Code { Code(.cannotListen) }
    /// The certificate, its key or the clients' authorities can not be read, or do not belong together.
    public static var badCertificate: Code { Code(.badCertificate) }
  }

  /// What kind of error this is.
  public var code: Code
  /// What happened, and what to do.
  public var message: String
  /// The error behind it.
  public var cause: (any Error)?

  /// Makes an error.
  public init(code: Code, message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message.
  public var description: String { message }

  /// Why listening failed, or nil where the error is another.
  init?(listening cause: any Error, transport: String, _ configuration: ReceiverConfiguration) {
    let address = "\(configuration.host):\(configuration.port)"
    guard let error = cause as? IOError else {
      guard cause is SocketAddressError else { return nil }
      self.init(
        code: .cannotListen,
        message: "\(transport) can not listen on \(address): \"\(configuration.host)\" is no address of this machine; "
          + "give 127.0.0.1, 0.0.0.0 or the address of one of its interfaces", cause: cause)
      return
    }
    switch error.errnoCode {
    case EADDRINUSE:
      self.init(
        code: .portInUse,
        message: "\(transport) can not listen on \(address): something else does, another processor-host or a "
          + "collector perhaps; stop it, or give another port", cause: cause)
    case EACCES:
      self.init(
        code: .cannotListen,
        message: "\(transport) can not listen on \(address): ports below 1024 need a privilege; give a higher port",
        cause: cause)
    case EADDRNOTAVAIL:
      self.init(
        code: .cannotListen,
        message: "\(transport) can not listen on \(address): this machine has no such address; give 127.0.0.1, "
          + "0.0.0.0 or the address of one of its interfaces", cause: cause)
    default:
      self.init(code: .cannotListen, message: "\(transport) can not listen on \(address): \(error)", cause: cause)
    }
  }
}
