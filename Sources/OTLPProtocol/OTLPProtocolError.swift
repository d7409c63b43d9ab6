/// Why bytes are not what they were said to be.
public struct OTLPProtocolError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of an error.
  public struct Code: Sendable, Hashable {
    private enum Kind {
      case malformedMessage
      case damagedCompression
      case tooLarge
      case expandsTooMuch
      case noMemory
      case noRoom
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// The bytes are no protobuf message, or the text is no JSON, of the type that was asked for.
    public static var malformedMessage: Code { Code(.malformedMessage) }
    /// The bytes are not compressed as they were said to be, or end too soon.
    public static var damagedCompression: Code { Code(.damagedCompression) }
    /// There is more than is allowed.
    public static var tooLarge: Code { Code(.tooLarge) }
    /// Few bytes stand for so many that nobody can have meant well.
    public static var expandsTooMuch: Code { Code(.expandsTooMuch) }
    /// The system has no memory left.
    public static var noMemory: Code { Code(.noMemory) }
    /// The caller has no room for more.
    public static var noRoom: Code { Code(.noRoom) }
  }

  /// What kind of error this is.
  public var code: Code
  /// What was found, for people. It holds nothing of the bytes.
  public var message: String

  /// The message.
  public var description: String { message }

  /// Makes an error.
  public init(code: Code, message: String) {
    self.code = code
    self.message = message
  }
}
