internal import CZlib

/// Unpacks gzip.
enum Gzip {
  /// The most bytes that an input may have when it is unpacked.
  static let maximumBytes = 1 << 30

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// All members of a gzip file, one after the other.
  ///
  /// Memory safety: zlib reads `avail_in` bytes from `next_in` and writes `avail_out` bytes to `next_out`; both point
  /// into arrays that are held open around each call.
  static func inflate(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    var output: [UInt8] = []
    var consumed = 0
    while consumed < bytes.count {
      consumed += try inflateMember(bytes, from: consumed, into: &output)
    }
    return output
  }

  private static func inflateMember(
    _ bytes: [UInt8], from start: Int, into output: inout [UInt8]
  ) throws(Failure) -> Int {
    var stream = z_stream()
    guard zlib_inflate_init(&stream) == Z_OK else { throw Failure(description: "there is no memory to unpack it") }
    defer { inflateEnd(&stream) }
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    var consumed = 0
    while true {
      var status: Int32 = Z_OK
      var produced = 0
      bytes.withUnsafeBufferPointer { input in
        chunk.withUnsafeMutableBufferPointer { room in
          let rest = input[(start + consumed)...].prefix(Int(UInt32.max))
          stream.next_in = UnsafeMutablePointer(mutating: UnsafeBufferPointer(rebasing: rest).baseAddress)
          stream.avail_in = UInt32(rest.count)
          stream.next_out = room.baseAddress
          stream.avail_out = UInt32(room.count)
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
          consumed += rest.count - Int(stream.avail_in)
          produced = room.count - Int(stream.avail_out)
        }
      }
      output += chunk[..<produced]
      guard output.count <= maximumBytes else {
        throw Failure(description: "unpacked it has more than \(maximumBytes >> 20) MiB; split it")
      }
      if status == Z_STREAM_END { return consumed }
      guard status == Z_OK, produced > 0 || start + consumed < bytes.count else {
        throw Failure(description: "the gzip data is damaged or cut off")
      }
    }
  }
}
