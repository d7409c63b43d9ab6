internal import ProcessorHost

/// The traces that are held: found by id, and in the order in which they came and in which their roots ended.
struct TraceTable {
  /// Stands for no entry.
  static let none = UInt32.max

  struct Entry {
    var id: TraceID
    /// The records of its spans.
    var stream = BlockArena.Stream()
    /// When its first span came.
    var firstSeen: UInt64
    /// When its root came; nothing where it has not.
    var rootSeen = UInt64.max
    var spans: UInt32 = 0
    /// The oldest of the rule sets by which its spans were hidden.
    var ruleSet: UInt32
    init(id: TraceID, firstSeen: UInt64, ruleSet: UInt32) {
      self.id = id
      self.firstSeen = firstSeen
      self.ruleSet = ruleSet
    }
  }

  private struct Slot {
    var index = none
    var mark: UInt32 = 0
  }

  private static let leastSlots = 64

  private var entries: [Entry] = []
  /// Places in `entries` that are free again.
  private var free: [UInt32] = []
  /// Open addressing, at most three quarters full: the number of an entry, or `none`, and half of the hash of its id, so
  /// that a search looks at one entry alone.
  private var slots: [Slot]
  private let hash = TraceHash()
  private var age = TraceOrder()
  private var roots = TraceOrder()

  init() { slots = Array(repeating: Slot(), count: Self.leastSlots) }

  var count: Int { entries.count - free.count }

  /// Bytes that the table takes up.
  var reserved: Int {
    entries.capacity * MemoryLayout<Entry>.stride + slots.capacity * MemoryLayout<Slot>.stride
      + free.capacity * MemoryLayout<UInt32>.stride
      + age.reserved + roots.reserved
  }

  /// The trace that came first; `none` where there is none.
  var oldest: UInt32 { age.first }
  /// The trace whose root came first.
  var oldestRoot: UInt32 { roots.first }

  subscript(_ index: UInt32) -> Entry {
    _read { yield entries[Int(index)] }
    _modify { yield &entries[Int(index)] }
  }

  func find(_ id: TraceID) -> UInt32 {
    let hash = hash(id)
    let mask = slots.count - 1
    var position = Int(truncatingIfNeeded: hash) & mask
    while slots[position].index != Self.none {
      let slot = slots[position]
      if slot.mark == Self.mark(hash), entries[Int(slot.index)].id == id { return slot.index }
      position = (position + 1) & mask
    }
    return Self.none
  }

  private static func mark(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  /// Adds a trace that is not in it.
  mutating func insert(_ entry: Entry) -> UInt32 {
    if (count + 1) * 4 > slots.count * 3 { grow() }
    let index: UInt32
    if let reused = free.popLast() {
      index = reused
      entries[Int(index)] = entry
    } else {
      index = UInt32(entries.count)
      entries.append(entry)
    }
    place(index)
    age.append(index)
    return index
  }

  /// Notes when the root of a trace came, the first time.
  mutating func noteRoot(_ index: UInt32, at now: UInt64) {
    guard entries[Int(index)].rootSeen == .max else { return }
    entries[Int(index)].rootSeen = now
    roots.append(index)
  }

  mutating func remove(_ index: UInt32) -> Entry {
    let entry = entries[Int(index)]
    age.remove(index)
    if entry.rootSeen != .max { roots.remove(index) }
    unplace(index)
    free.append(index)
    // After a peak the memory goes back.
    if count == 0 {
      entries = []
      free = []
      slots = Array(repeating: Slot(), count: Self.leastSlots)
      age = TraceOrder()
      roots = TraceOrder()
    }
    return entry
  }

  // MARK: Slots

  private mutating func place(_ index: UInt32) {
    let hash = hash(entries[Int(index)].id)
    let mask = slots.count - 1
    var position = Int(truncatingIfNeeded: hash) & mask
    while slots[position].index != Self.none { position = (position + 1) & mask }
    slots[position] = Slot(index: index, mark: Self.mark(hash))
  }

  /// Takes an entry out, and moves those behind it to where a search finds them.
  private mutating func unplace(_ index: UInt32) {
    let mask = slots.count - 1
    var hole = Int(truncatingIfNeeded: hash(entries[Int(index)].id)) & mask
    while slots[hole].index != index { hole = (hole + 1) & mask }
    var position = hole
    while true {
      position = (position + 1) & mask
      let slot = slots[position]
      if slot.index == Self.none { break }
      let home = Int(truncatingIfNeeded: hash(entries[Int(slot.index)].id)) & mask
      // It may move where the hole is not before its home.
      if (position - home) & mask >= (position - hole) & mask {
        slots[hole] = slot
        hole = position
      }
    }
    slots[hole] = Slot()
  }

  private mutating func grow() {
    slots = Array(repeating: Slot(), count: slots.count * 2)
    var index = age.first
    while index != Self.none {
      place(index)
      index = age.next(index)
    }
  }
}
