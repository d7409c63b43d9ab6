internal import CZlib

/// zlib's inflate, and the memory that it works in.
///
/// Memory safety: zlib keeps the address of its stream, so the stream is allocated and never moves. It reads `avail_in`
/// bytes from `next_in` and writes `avail_out` bytes to `next_out`; both are set anew for each call, to memory that is
/// held open around it.
final class Inflater {
  /// What one call has done.
  struct Step {
    /// How many bytes of the input it took.
    var consumed: Int
    var state: State
  }

  enum State {
    /// It needs more input.
    case goesOn
    /// There was not room enough for what comes out of the input that it took.
    case hasMore
    case ended
    case damaged
  }

  static let gzip: Int32 = 15 + 16
  static let zlib: Int32 = 15
  static let raw: Int32 = -15

  /// Enough that few calls are needed, and no more than a core's cache.
  private static let roomCount = 64 << 10

  private let stream: UnsafeMutablePointer<z_stream>
  private let room: UnsafeMutableBufferPointer<UInt8>

  /// Nil when the system has no memory.
  init?(windowBits: Int32) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    room = .allocate(capacity: Self.roomCount)
    guard zlib_inflate_init(stream, windowBits) == Z_OK else {
      stream.deallocate()
      room.deallocate()
      return nil
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    room.deallocate()
  }

  /// Whether two bytes begin data in the zlib format (RFC 1950, 2.2). Deflate data begins like that only with a stored
  /// block whose padding is not zero, which nobody writes.
  static func isZlibHeader(_ first: UInt8, _ second: UInt8) -> Bool {
    first & 0x0F == 8 && first >> 4 <= 7 && (UInt16(first) << 8 | UInt16(second)) % 31 == 0
  }

  /// Makes ready for another member; false where that fails.
  func reset() -> Bool { inflateReset(stream) == Z_OK }

  /// Takes some of the input, and passes on what comes out of it, 64 KiB at most.
  func inflate(
    _ input: UnsafeBufferPointer<UInt8>, _ pass: (UnsafeBufferPointer<UInt8>) -> Void
  ) -> Step {
    let offered = min(input.count, Int(UInt32.max))
    // zlib does not write to its input; its header lacks the `const` that would say so.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    stream.pointee.avail_in = UInt32(offered)
    stream.pointee.next_out = room.baseAddress
    stream.pointee.avail_out = UInt32(room.count)
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let consumed = offered - Int(stream.pointee.avail_in)
    let produced = room.count - Int(stream.pointee.avail_out)
    pass(UnsafeBufferPointer(rebasing: room[..<produced]))
    let state: State
    switch status {
    case Z_STREAM_END: state = .ended
    case Z_OK: state = produced == room.count ? .hasMore : .goesOn
    // Not an error: there was nothing to do.
    case Z_BUF_ERROR where input.isEmpty: state = .goesOn
    default: state = .damaged
    }
    return Step(consumed: consumed, state: state)
  }
}
