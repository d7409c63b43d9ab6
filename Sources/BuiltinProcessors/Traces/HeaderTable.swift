/// The own fields of resources and scopes, each once, for as long as a span that is held came in them.
struct HeaderTable {
  private struct Key: Hashable {
    var bytes: [UInt8]
    /// How many of the bytes stand before the children.
    var prefix: Int
  }

  private struct Entry {
    var key: Key
    var uses: Int
  }

  /// What one costs beside its bytes.
  private static let overhead = 160

  private var known: [Key: UInt32] = [:]
  private var entries: [Entry] = []
  private var free: [UInt32] = []
  /// Bytes that all of them take up.
  private(set) var size = 0

  /// The number of these fields, of which one use is counted.
  mutating func intern(_ base: UnsafePointer<UInt8>, _ prefix: Range<Int>, _ suffix: Range<Int>) -> UInt32 {
    var bytes = Array(UnsafeBufferPointer(start: base + prefix.lowerBound, count: prefix.count))
    bytes += UnsafeBufferPointer(start: base + suffix.lowerBound, count: suffix.count)
    let key = Key(bytes: bytes, prefix: prefix.count)
    if let number = known[key] {
      entries[Int(number)].uses += 1
      return number
    }
    let number = free.popLast() ?? UInt32(entries.count)
    let entry = Entry(key: key, uses: 1)
    if number == entries.count { entries.append(entry) } else { entries[Int(number)] = entry }
    known[key] = number
    size += bytes.count + Self.overhead
    return number
  }

  mutating func use(_ number: UInt32) { entries[Int(number)].uses += 1 }

  mutating func release(_ number: UInt32) {
    entries[Int(number)].uses -= 1
    guard entries[Int(number)].uses == 0 else { return }
    let key = entries[Int(number)].key
    size -= key.bytes.count + Self.overhead
    known[key] = nil
    entries[Int(number)].key.bytes = []
    free.append(number)
  }

  /// The bytes before and behind the children, and how many of them stand before.
  func fields(_ number: UInt32) -> (bytes: [UInt8], prefix: Int) {
    let key = entries[Int(number)].key
    return (key.bytes, key.prefix)
  }
}
