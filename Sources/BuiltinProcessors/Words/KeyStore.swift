/// The keys of a `VerdictCache`, whole, in memory that is allocated once.
///
/// Unsafe code: places are not checked. What it relies on is that its owner passes places below the capacity, keys of
/// at most `keyCapacity` bytes, and calls `deallocate` once, last.
package struct KeyStore {
  package static let keyCapacity = 128

  /// What is known of a key before its bytes are looked at.
  private struct Header {
    /// Part of the key's hash; 0 where the place is free.
    var tag: UInt32
    var length: UInt16
    /// 1 where the key was used after the other one that shares its places.
    var isRecent: UInt16
  }

  private let headers: UnsafeMutablePointer<Header>
  private let bytes: UnsafeMutableRawPointer
  private let capacity: Int

  package init(capacity: Int) {
    self.capacity = capacity
    headers = .allocate(capacity: capacity)
    bytes = .allocate(byteCount: capacity * Self.keyCapacity, alignment: 64)
    removeAll()
  }

  package func deallocate() {
    headers.deallocate()
    bytes.deallocate()
  }

  package func removeAll() { headers.initialize(repeating: Header(tag: 0, length: 0, isRecent: 0), count: capacity) }

  @inline(__always)
  package func holds(_ key: UnsafeBufferPointer<UInt8>, _ tag: UInt32, at place: Int) -> Bool {
    let header = headers[place]
    guard header.tag == tag, Int(header.length) == key.count else { return false }
    return KeyBytes.equal(UnsafeRawPointer(bytes + place * Self.keyCapacity), UnsafeRawBufferPointer(key))
  }

  package func set(_ key: UnsafeBufferPointer<UInt8>, _ tag: UInt32, at place: Int) {
    headers[place] = Header(tag: tag, length: UInt16(key.count), isRecent: 0)
    guard let source = key.baseAddress else { return }
    (bytes + place * Self.keyCapacity).copyMemory(from: source, byteCount: key.count)
  }

  @inline(__always)
  func markUsed(_ place: Int, sibling: Int) {
    headers[place].isRecent = 1
    headers[sibling].isRecent = 0
  }

  /// Whether a place is free, or its key was used before the other one's.
  func isOlder(_ place: Int, than sibling: Int) -> Bool {
    headers[place].tag == 0 || (headers[sibling].tag != 0 && headers[place].isRecent == 0)
  }
}

/// Hashing and comparing keys by eight bytes at a time.
enum KeyBytes {
  @inline(__always)
  static func hash(_ key: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(key)
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return mix(seed, 0) }
    var hash = mix(seed, UInt64(bytes.count))
    var offset = 0
    while bytes.count - offset > 8 {
      hash = mix(hash ^ seed, word(base + offset))
      offset += 8
    }
    return spread(mix(hash ^ seed, tail(base + offset, bytes.count - offset)))
  }

  /// Lets each bit of the last product count in the lower half. Without it, one seed in a hundred had the numbered keys of
  /// ordinary spans fall into a few places.
  @inline(__always)
  private static func spread(_ hash: UInt64) -> UInt64 {
    let product = hash &* 0x9e37_79b9_7f4a_7c15
    return product ^ product >> 32
  }

  /// - Precondition: `stored` holds at least as many bytes as the key.
  @inline(__always)
  static func equal(_ stored: UnsafeRawPointer, _ key: UnsafeRawBufferPointer) -> Bool {
    guard let base = key.baseAddress else { return true }
    var offset = 0
    while key.count - offset > 8 {
      if word(stored + offset) != word(base + offset) { return false }
      offset += 8
    }
    let rest = key.count - offset
    return tail(stored + offset, rest) == tail(base + offset, rest)
  }

  @inline(__always)
  private static func word(_ pointer: UnsafeRawPointer) -> UInt64 { pointer.loadUnaligned(as: UInt64.self) }

  /// At most eight bytes as a number, without reading outside them; for a given count different bytes give different
  /// numbers.
  @inline(__always)
  private static func tail(_ pointer: UnsafeRawPointer, _ count: Int) -> UInt64 {
    if count == 8 { return word(pointer) }
    if count >= 4 {
      let low = UInt64(pointer.loadUnaligned(as: UInt32.self))
      let high = UInt64((pointer + count - 4).loadUnaligned(as: UInt32.self))
      return low | high << 32
    }
    var value: UInt64 = 0
    for index in 0..<count { value = value << 8 | UInt64(pointer.load(fromByteOffset: index, as: UInt8.self)) }
    return value
  }

  /// Both halves of the full product, folded. The odd constants keep a zero on either side from erasing the other.
  @inline(__always)
  private static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: right ^ 0xd6e8_feb8_6659_fd93)
    return product.high ^ product.low
  }
}
