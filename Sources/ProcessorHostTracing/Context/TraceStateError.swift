/// What is wrong with a trace state, or with a member for it. Shows no value: they are not everybody's to read.
public struct TraceStateError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where it is wrong: the offset in the header, the key or the value, in bytes from 0.
  public var offset: Int
  /// What was expected there, and what was found.
  public var message: String

  init(_ offset: Int, _ message: String) {
    self.offset = offset
    self.message = message
  }

  /// An error at a byte, which is told unless it is no printable character.
  init(_ offset: Int, expected: String, found byte: UInt8?) {
    self.init(offset, "expected \(expected), found \(byte.map(Self.name) ?? "the end")")
  }

  private static func name(_ byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7e: "'\(Character(Unicode.Scalar(byte)))'"
    case UInt8(ascii: " "): "a space"
    default: "a character that is not printable ASCII"
    }
  }

  /// Where it is wrong, what was expected and what was found.
  public var description: String { "trace state, byte \(offset): \(message)" }
}
