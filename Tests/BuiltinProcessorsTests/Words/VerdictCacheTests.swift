internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Remembered verdicts")
struct VerdictCacheTests {
  /// What stands for working out a verdict: no two of the keys below share one.
  private func verdict(_ key: [UInt8]) -> UInt64 {
    key.reduce(0xcbf2_9ce4_8422_2325 ^ UInt64(key.count)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }

  private func cached(_ key: [UInt8], _ cache: VerdictCache<UInt64>) -> UInt64 {
    key.withUnsafeBufferPointer { bytes in
      if let known = cache.get(bytes) { return known }
      let verdict = verdict(key)
      cache.put(bytes, verdict)
      return verdict
    }
  }

  @Test("The cache never changes an answer", arguments: [2, 64, 1024])
  func sameAnswers(capacity: Int) {
    let cache = VerdictCache<UInt64>(capacity: capacity)
    var generator = SeededGenerator(seed: 3)
    for round in 0..<100_000 {
      let key: [UInt8]
      switch round % 5 {
      case 0:
        // Runs of one byte, among them NUL, which only the length tells apart.
        key = Array(repeating: round % 2 == 0 ? 0 : 0x61, count: Int.random(in: 0...130, using: &generator))
      case 1:
        // All the same but the last byte.
        key = Array("http.request.header.x-secret-".utf8) + [UInt8.random(in: 0...255, using: &generator)]
      case 2:
        key = Array(repeating: 7, count: 127) + [UInt8.random(in: 0...255, using: &generator)]
      case 3:
        let length = [7, 8, 9, 15, 16, 17, 127, 128, 129, 200][Int.random(in: 0..<10, using: &generator)]
        key = Array(repeating: 0, count: length - 1) + [UInt8.random(in: 0...3, using: &generator)]
      default:
        key = (0..<Int.random(in: 0...24, using: &generator)).map { _ in UInt8.random(in: 0...2, using: &generator) }
      }
      #expect(cached(key, cache) == verdict(key))
    }
  }

  @Test("Every byte of a key of every length counts")
  func everyByte() {
    for length in 1...VerdictCache<UInt8>.maximumKeyLength {
      let cache = VerdictCache<UInt8>()
      let key = [UInt8](repeating: 0x55, count: length)
      key.withUnsafeBufferPointer { cache.put($0, 1) }
      for position in 0..<length {
        var other = key
        other[position] ^= 1
        #expect(other.withUnsafeBufferPointer(cache.get) == nil)
      }
      #expect(key.withUnsafeBufferPointer(cache.get) == 1)
    }
  }

  @Test("Keys of 128 bytes are remembered, longer ones are not")
  func longestKey() {
    let cache = VerdictCache<Int>()
    let longest = [UInt8](repeating: 1, count: 128)
    let tooLong = [UInt8](repeating: 1, count: 129)
    longest.withUnsafeBufferPointer { cache.put($0, 1) }
    tooLong.withUnsafeBufferPointer { cache.put($0, 2) }
    #expect(longest.withUnsafeBufferPointer(cache.get) == 1)
    #expect(tooLong.withUnsafeBufferPointer(cache.get) == nil)
  }

  @Test("The empty key has a verdict of its own, with or without an address")
  func emptyKey() {
    let cache = VerdictCache<Int>()
    #expect(cache.get(UnsafeBufferPointer(start: nil, count: 0)) == nil)
    cache.put(UnsafeBufferPointer(start: nil, count: 0), 5)
    #expect([UInt8]().withUnsafeBufferPointer(cache.get) == 5)
    #expect([UInt8(0)].withUnsafeBufferPointer(cache.get) == nil)
  }

  @Test("A later verdict replaces the earlier one")
  func replace() {
    let cache = VerdictCache<Int>()
    let key = Array("token".utf8)
    key.withUnsafeBufferPointer {
      cache.put($0, 1)
      cache.put($0, 2)
    }
    #expect(key.withUnsafeBufferPointer(cache.get) == 2)
  }

  @Test("Of two keys at the same places the one used last stays")
  func eviction() {
    let cache = VerdictCache<Int>(capacity: 2)
    let keys = ["a", "b", "c"].map { Array($0.utf8) }
    keys[0].withUnsafeBufferPointer { cache.put($0, 0) }
    keys[1].withUnsafeBufferPointer { cache.put($0, 1) }
    #expect(keys[0].withUnsafeBufferPointer(cache.get) == 0)
    keys[2].withUnsafeBufferPointer { cache.put($0, 2) }
    #expect(keys[0].withUnsafeBufferPointer(cache.get) == 0)
    #expect(keys[1].withUnsafeBufferPointer(cache.get) == nil)
    #expect(keys[2].withUnsafeBufferPointer(cache.get) == 2)
  }

  @Test("Nothing is known after everything was forgotten")
  func removeAll() {
    let cache = VerdictCache<Int>()
    let key = Array("token".utf8)
    key.withUnsafeBufferPointer { cache.put($0, 1) }
    cache.removeAll()
    #expect(key.withUnsafeBufferPointer(cache.get) == nil)
  }

  @Test("The keys of ordinary spans nearly all stay, whatever the cache's seed")
  func ordinaryKeys() {
    let keys = (0..<200).map { Array("http.request.attribute.\($0)".utf8) }
    for _ in 0..<500 {
      let cache = VerdictCache<Int>()
      for (index, key) in keys.enumerated() { key.withUnsafeBufferPointer { cache.put($0, index) } }
      let kept = keys.count { $0.withUnsafeBufferPointer(cache.get) != nil }
      #expect(kept > 180)
    }
  }
}
