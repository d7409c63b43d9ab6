internal import BuiltinProcessors
internal import Testing

/// Keys whose hashes collide, which a test of the cache cannot bring about: here they all have the same tag.
@Suite("Keys with equal hashes")
struct KeyStoreTests {
  private func holds(_ stored: [UInt8], _ asked: [UInt8]) -> Bool {
    let store = KeyStore(capacity: 2)
    defer { store.deallocate() }
    stored.withUnsafeBufferPointer { store.set($0, 1, at: 0) }
    return asked.withUnsafeBufferPointer { store.holds($0, 1, at: 0) }
  }

  @Test("A key is held, whatever its length", arguments: 0...128)
  func same(length: Int) {
    let key = (0..<length).map { UInt8($0) }
    #expect(holds(key, key))
  }

  @Test("A key of another length is another key, also where only NUL follows", arguments: 0...127)
  func length(length: Int) {
    let key = [UInt8](repeating: 0, count: length)
    #expect(!holds(key, key + [0]))
    #expect(!holds(key + [0], key))
  }

  @Test("A key that differs in one bit of one byte is another key", arguments: 1...128)
  func bytes(length: Int) {
    let key = [UInt8](repeating: 0x20, count: length)
    for position in key.indices {
      for bit in 0..<8 {
        var other = key
        other[position] ^= 1 << UInt8(bit)
        #expect(!holds(key, other))
      }
    }
  }

  @Test("A free place holds nothing, also not the empty key")
  func free() {
    let store = KeyStore(capacity: 2)
    defer { store.deallocate() }
    #expect(![UInt8]().withUnsafeBufferPointer { store.holds($0, 1, at: 0) })
  }
}
