import OTLPProtocol
import TestSupport
import Testing

@Suite("Decompression")
struct DecompressorTests {
  /// Some text that repeats itself, as spans do, and some that does not.
  private static let text: [UInt8] = {
    var random = SeededGenerator(seed: 11)
    var bytes: [UInt8] = []
    for _ in 0..<6000 {
      bytes += Array("http.request.method GET ".utf8)
      for _ in 0..<16 { bytes.append(UInt8.random(in: 0...255, using: &random)) }
    }
    return bytes
  }()

  @Test(arguments: [0, 1, 2, 100, 65_536, 65_537, 240_000], 1...9)
  func `what was compressed comes out again`(count: Int, level: Int) throws {
    let bytes = Array(Self.text.prefix(count))
    let packed = try GzipCompressor.compress(bytes, level: level)
    #expect(try Decompressor.decompress(packed, .gzip) == bytes)
  }

  @Test(arguments: [ContentCoding.identity, .gzip, .deflate], [1, 2, 3, 1000, 70_000])
  func `a body may come in pieces of any size`(coding: ContentCoding, size: Int) throws {
    for packed in try Packed.forms(of: Self.text, coding) {
      let decompressor = Decompressor(coding)
      var rest = packed[...]
      while !rest.isEmpty {
        try decompressor.append(rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      #expect(try decompressor.finish() == Self.text)
    }
  }

  @Test func `deflate is read with the zlib format around it and without`() throws {
    for bytes in [Self.text, [], [7]] as [[UInt8]] {
      for packed in try Packed.forms(of: bytes, .deflate) {
        #expect(try Decompressor.decompress(packed, .deflate) == bytes)
      }
    }
  }

  @Test func `several gzip members are one body`() throws {
    let packed = try GzipCompressor.compress([1, 2]) + GzipCompressor.compress([]) + GzipCompressor.compress([3])
    #expect(try Decompressor.decompress(packed, .gzip) == [1, 2, 3])
  }

  @Test(arguments: [ContentCoding.gzip, .deflate])
  func `a body that ends too soon is damaged`(coding: ContentCoding) throws {
    for packed in try Packed.forms(of: Array(Self.text.prefix(300)), coding) {
      for length in 0..<packed.count {
        let error = #expect(throws: OTLPProtocolError.self) {
          try Decompressor.decompress(Array(packed.prefix(length)), coding)
        }
        #expect(error?.code == .damagedCompression)
      }
    }
  }

  @Test func `what follows the end is damage`() throws {
    for packed in try Packed.forms(of: [1, 2, 3], .deflate) {
      #expect(throws: OTLPProtocolError.self) { try Decompressor.decompress(packed + [0], .deflate) }
    }
    let packed = try GzipCompressor.compress([1, 2, 3])
    #expect(throws: OTLPProtocolError.self) { try Decompressor.decompress(packed + [0], .gzip) }
  }

  @Test func `a byte changed anywhere is found by the checksum, or changes nothing`() throws {
    var random = SeededGenerator(seed: 5)
    let bytes = Array(Self.text.prefix(400))
    let packed = try GzipCompressor.compress(bytes)
    for _ in 0..<300 {
      var damaged = packed
      damaged[Int.random(in: 0..<packed.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      do {
        #expect(try Decompressor.decompress(damaged, .gzip) == bytes)
      } catch {
        #expect(error.code == .damagedCompression)
      }
    }
  }

  @Test(arguments: [ContentCoding.identity, .gzip, .deflate])
  func `no byte comes out beyond the limit`(coding: ContentCoding) throws {
    for packed in try Packed.forms(of: Self.text, coding) {
      let exact = DecompressionLimits(maximumBytes: Self.text.count)
      #expect(try Decompressor.decompress(packed, coding, limits: exact).count == Self.text.count)
      let below = DecompressionLimits(maximumBytes: Self.text.count - 1)
      let error = #expect(throws: OTLPProtocolError.self) {
        try Decompressor.decompress(packed, coding, limits: below)
      }
      #expect(error?.code == .tooLarge)
    }
  }

  @Test func `a bomb is given up long before it has expanded`() throws {
    let bomb = try GzipCompressor.compress([UInt8](repeating: 0, count: 32 << 20), level: 9)
    let decompressor = Decompressor(.gzip)
    let error = #expect(throws: OTLPProtocolError.self) { try decompressor.append(bomb) }
    #expect(error?.code == .expandsTooMuch)
    #expect(decompressor.output.count < 2 << 20)
    let anyRatio = DecompressionLimits(maximumBytes: 32 << 20, maximumRatio: nil)
    #expect(try Decompressor.decompress(bomb, .gzip, limits: anyRatio).count == 32 << 20)
  }

  @Test func `small bodies may expand as they like`() throws {
    let small = try GzipCompressor.compress([UInt8](repeating: 0, count: 1 << 20), level: 9)
    #expect(try Decompressor.decompress(small, .gzip).count == 1 << 20)
  }

  @Test func `codings are told by their names`() {
    #expect(ContentCoding(header: "") == .identity)
    #expect(ContentCoding(header: " GZIP ") == .gzip)
    #expect(ContentCoding(header: "x-gzip") == .gzip)
    #expect(ContentCoding(header: "deflate") == .deflate)
    #expect(ContentCoding(header: "br") == nil)
    #expect(ContentCoding(header: "gzip, gzip") == nil)
  }
}

/// One body in all the forms of a coding.
private enum Packed {
  static func forms(of bytes: [UInt8], _ coding: ContentCoding) throws -> [[UInt8]] {
    switch coding {
    case .identity: [bytes]
    case .gzip: try [GzipCompressor.compress(bytes), GzipCompressor.compress(bytes, level: 6)]
    case .deflate: try [raw(bytes), zlib(bytes)]
    }
  }

  /// gzip without its header of 10 bytes and its trailer of 8.
  private static func raw(_ bytes: [UInt8]) throws -> [UInt8] {
    Array(try GzipCompressor.compress(bytes).dropFirst(10).dropLast(8))
  }

  /// RFC 1950: two bytes of header, deflate data, Adler-32.
  private static func zlib(_ bytes: [UInt8]) throws -> [UInt8] {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let sum = high << 16 | low
    return try [0x78, 0x01] + raw(bytes) + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
  }
}
