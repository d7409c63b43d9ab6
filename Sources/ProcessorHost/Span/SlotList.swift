/// The slots of the span at hand: memory of the lane, written over for each span.
///
/// Memory safety: `storage` has room for `capacity` slots, of which the first `count` are initialized; slots are plain
/// numbers, so leaving them behind costs nothing. Indices come from `slots` itself and are checked in debug builds. (An
/// array's checks for shared storage and for bounds took a fifth of the time to take up a span.)
@usableFromInline
final class SlotList {
  @exclusivity(unchecked) @usableFromInline private(set) var storage: UnsafeMutablePointer<SpanSlot>
  @exclusivity(unchecked) @usableFromInline private(set) var count = 0
  @exclusivity(unchecked) private var capacity = 64

  init() { storage = .allocate(capacity: capacity) }

  deinit { storage.deallocate() }

  @inlinable @inline(__always)
  var slots: UnsafeBufferPointer<SpanSlot> { UnsafeBufferPointer(start: storage, count: count) }

  @inline(__always)
  func append(_ slot: SpanSlot) {
    if count == capacity { grow() }
    (storage + count).initialize(to: slot)
    count &+= 1
  }

  subscript(_ index: Int) -> SpanSlot {
    get {
      assert(index < count)
      return storage[index]
    }
    set {
      assert(index < count)
      storage[index] = newValue
    }
  }

  func truncate(to count: Int) { self.count = min(self.count, count) }

  private func grow() {
    let larger = UnsafeMutablePointer<SpanSlot>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: storage, count: count)
    storage.deallocate()
    storage = larger
    capacity *= 2
  }
}
