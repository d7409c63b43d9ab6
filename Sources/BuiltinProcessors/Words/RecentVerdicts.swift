/// The keys that stood last in each slot of a span, with their verdicts.
///
/// Spans of one kind have the same keys in the same order. Here key and verdict lie in one cache line, without a hash;
/// in the table of all keys they are in four, and the scan of the texts between two spans has pushed those out of the
/// nearest cache.
///
/// One lane owns it. Nothing is allocated after `init`.
///
/// Unsafe code: places are lines of raw memory. What it relies on is that a place's length is 0 until its key is
/// written, and that keys that are longer than a place's memory are not kept.
package final class RecentVerdicts {
  /// The longest key that is kept, in bytes.
  package static let keyCapacity = 32
  /// How many slots there are places for.
  package static let slots = 32

  private static let line = 64
  private static let lengthOffset = keyCapacity
  private static let verdictOffset = keyCapacity + 8

  private let memory: UnsafeMutableRawPointer

  package init() {
    precondition(Self.verdictOffset + MemoryLayout<KeyVerdict>.size <= Self.line)
    memory = .allocate(byteCount: Self.slots * Self.line, alignment: Self.line)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: Self.slots * Self.line)
  }

  deinit { memory.deallocate() }

  /// The verdict on exactly this key, if it stood last in this slot.
  @inline(__always)
  package func get(_ key: UnsafeBufferPointer<UInt8>, at slot: Int) -> KeyVerdict? {
    guard slot < Self.slots, !key.isEmpty else { return nil }
    let place = memory + slot &* Self.line
    guard place.load(fromByteOffset: Self.lengthOffset, as: Int.self) == key.count,
      KeyBytes.equal(UnsafeRawPointer(place), UnsafeRawBufferPointer(key))
    else { return nil }
    return place.load(fromByteOffset: Self.verdictOffset, as: KeyVerdict.self)
  }

  package func put(_ key: UnsafeBufferPointer<UInt8>, _ verdict: KeyVerdict, at slot: Int) {
    guard slot < Self.slots, key.count <= Self.keyCapacity, let start = key.baseAddress else { return }
    let place = memory + slot &* Self.line
    place.copyMemory(from: start, byteCount: key.count)
    place.storeBytes(of: key.count, toByteOffset: Self.lengthOffset, as: Int.self)
    place.storeBytes(of: verdict, toByteOffset: Self.verdictOffset, as: KeyVerdict.self)
  }
}
