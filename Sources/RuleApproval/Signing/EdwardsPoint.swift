/// What is asked of the 32 bytes of an Ed25519 public key (RFC 8032, section 5.1.5) beyond their length.
enum EdwardsPoint {
  /// What is wrong with the bytes of a public key; nil where nothing is.
  ///
  /// Under a key of small order one signature, which anybody can write down, holds for every text or for each eighth.
  static func fault(in bytes: [UInt8]) -> String? {
    guard bytes.count == 32 else { return "a public key has 32 bytes; this one has \(bytes.count)" }
    // The highest bit is the sign of x. What is left is y, its lowest byte first.
    var y = bytes
    y[31] &= 0x7F
    if !y.reversed().lexicographicallyPrecedes(prime.reversed()) {
      return "the bytes are no public key: the number in them is not below 2^255-19"
    }
    return smallOrder.contains(y) ? "the key is of small order: with it anybody could sign" : nil
  }

  /// 2^255-19.
  private static let prime: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]

  /// The y of the eight points whose order divides 8: 1, -1, 0, and the two of order 8, which solve d·y⁴ + 2·y² = 1.
  private static let smallOrder: [[UInt8]] = {
    let zero = [UInt8](repeating: 0, count: 32)
    let one = [1] + zero.dropFirst()
    let minusOne = [0xEC] + prime.dropFirst()
    let eighth = LowercaseHex.bytes("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", count: 32)
    let otherEighth = LowercaseHex.bytes("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", count: 32)
    return [zero, one, minusOne] + [eighth, otherEighth].compactMap(\.self)
  }()
}
