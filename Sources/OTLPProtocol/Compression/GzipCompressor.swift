internal import CZlib

/// Compresses to gzip.
///
/// Memory safety: as in `Inflater`: the stream does not move, and zlib is given the ends of what it reads and writes.
public enum GzipCompressor {
  /// Compresses a whole body.
  ///
  /// - Parameter level: 1, the fastest, to 9, the smallest. Spans are mostly the same names over and over, of which
  ///   already 1 gets nearly all, in a third of the time that 6 takes.
  public static func compress(_ bytes: [UInt8], level: Int = 1) throws(OTLPProtocolError) -> [UInt8] {
    precondition((1...9).contains(level), "zlib has the levels 1 to 9")
    // zlib counts in 32 bits, and a body that large is no body.
    guard bytes.count <= Int(Int32.max) else {
      throw OTLPProtocolError(code: .tooLarge, message: "more than 2 GiB can not be compressed at once")
    }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    defer { stream.deallocate() }
    stream.initialize(to: z_stream())
    guard zlib_deflate_init(stream, Int32(level), 15 + 16) == Z_OK else {
      throw OTLPProtocolError(code: .noMemory, message: "there is no memory to compress with")
    }
    defer { deflateEnd(stream) }
    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    return [UInt8](unsafeUninitializedCapacity: bound) { room, count in
      bytes.withUnsafeBufferPointer { input in
        // zlib does not write to its input; its header lacks the `const` that would say so.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = room.baseAddress
        stream.pointee.avail_out = UInt32(room.count)
        let status = deflate(stream, Z_FINISH)
        precondition(status == Z_STREAM_END, "zlib needs no more room than its own bound")
        count = room.count - Int(stream.pointee.avail_out)
      }
    }
  }
}
