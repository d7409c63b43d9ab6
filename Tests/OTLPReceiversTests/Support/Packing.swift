import OTLPProtocol

enum Packing {
  /// A body in the form that a content coding names.
  static func pack(_ bytes: [UInt8], _ coding: String) throws -> [UInt8] {
    switch coding.lowercased() {
    case "gzip", "x-gzip": try GzipCompressor.compress(bytes)
    // Deflate data without the zlib format: gzip without its header and its trailer.
    case "deflate": Array(try GzipCompressor.compress(bytes).dropFirst(10).dropLast(8))
    default: bytes
    }
  }
}
