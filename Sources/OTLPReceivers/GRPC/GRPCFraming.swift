internal import NIOCore

/// Takes the one message of a request out of its frames: a byte that tells whether it is compressed, its length in four
/// bytes, and the message itself.
struct GRPCFraming {
  private static let prefixLength = 5

  private var prefix: [UInt8] = []
  private var missing = 0

  /// Whether the message is compressed; nil as long as its prefix is not there.
  var isCompressed: Bool? { prefix.count == Self.prefixLength ? prefix[0] != 0 : nil }

  /// The length of the message as it is sent; zero as long as the prefix is not there.
  var length: Int { prefix.count == Self.prefixLength ? prefix[1...].reduce(0) { $0 << 8 | Int($1) } : 0 }

  /// Whether the message is there, whole.
  var isComplete: Bool { prefix.count == Self.prefixLength && missing == 0 }

  /// Takes the prefix, or what is missing of it, from the front of the bytes.
  mutating func readPrefix(_ bytes: inout ByteBuffer) {
    guard prefix.count < Self.prefixLength else { return }
    prefix += bytes.readBytes(length: min(Self.prefixLength - prefix.count, bytes.readableBytes)) ?? []
    missing = length
  }

  /// Takes what belongs to the message from the front of the bytes.
  mutating func readMessage(_ bytes: inout ByteBuffer) -> ByteBuffer {
    let piece = bytes.readSlice(length: min(missing, bytes.readableBytes)) ?? ByteBuffer()
    missing -= piece.readableBytes
    return piece
  }
}
