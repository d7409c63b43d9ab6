internal import ProcessorHost

/// Remembers what became of traces, for spans that come late: the most recent ones, in two generations. When the younger
/// is full, the older is forgotten; what was asked for in the older is taken over.
struct DecisionMemory {
  private let limit: Int
  private let hash = TraceHash()
  private var younger = Generation()
  private var older = Generation()
  /// Of the older, those that were taken over.
  private var takenOver = 0
  /// Traces that are remembered no more.
  private(set) var forgotten = 0

  /// - Parameter limit: how many are remembered at most.
  init(limit: Int) { self.limit = max(limit / 2, 1) }

  var reserved: Int { younger.reserved + older.reserved }

  /// - Returns: the decision, and whether the attributes that it set were too many to be remembered.
  mutating func find(_ id: TraceID) -> (decision: TraceDecision, isUntagged: Bool)? {
    let mark = fingerprint(id)
    if let found = younger.find(mark) { return found }
    guard let found = older.find(mark) else { return nil }
    takenOver += 1
    add(mark, found.decision, isUntagged: found.isUntagged)
    return found
  }

  mutating func remember(_ id: TraceID, _ decision: TraceDecision) { add(fingerprint(id), decision, isUntagged: false) }

  private mutating func add(_ mark: UInt64, _ decision: TraceDecision, isUntagged: Bool) {
    if younger.count >= limit {
      forgotten += older.count - takenOver
      takenOver = 0
      older = younger
      younger = Generation()
    }
    younger.insert(mark, decision, isUntagged: isUntagged)
  }

  /// 64 bits of a seeded hash stand for the id; zero marks an empty slot.
  private func fingerprint(_ id: TraceID) -> UInt64 { max(hash(id), 1) }
}

extension DecisionMemory {
  /// Traces by their fingerprint; few decisions are distinct, so that each trace costs a slot of 16 bytes.
  fileprivate struct Generation {
    private struct Slot {
      var mark: UInt64 = 0
      /// An index of `decisions`, and in the highest bit whether attributes are missing in it.
      var decision: UInt32 = 0
    }

    /// The most distinct decisions, and the most bytes of attributes in them.
    private static let maximumDecisions = 4096
    private static let maximumBytes = 512 << 10
    private static let untagged: UInt32 = 1 << 31

    private var slots: [Slot] = []
    private var decisions: [TraceDecision] = []
    private var numbers: [TraceDecision: UInt32] = [:]
    private var bytes = 0
    private(set) var count = 0

    var reserved: Int { slots.capacity * MemoryLayout<Slot>.stride + bytes }

    func find(_ mark: UInt64) -> (decision: TraceDecision, isUntagged: Bool)? {
      if slots.isEmpty { return nil }
      let found = slots[slot(of: mark)]
      if found.mark == 0 { return nil }
      return (decisions[Int(found.decision & ~Self.untagged)], found.decision & Self.untagged != 0)
    }

    mutating func insert(_ mark: UInt64, _ decision: TraceDecision, isUntagged: Bool) {
      if (count + 1) * 4 > slots.count * 3 { grow() }
      let index = slot(of: mark)
      if slots[index].mark == 0 { count += 1 }
      slots[index] = Slot(mark: mark, decision: number(of: decision) | (isUntagged ? Self.untagged : 0))
    }

    private mutating func number(of decision: TraceDecision) -> UInt32 {
      if let known = numbers[decision] { return known }
      let size = decision.attributes.reduce(0) { $0 + $1.key.count + $1.value.count + 64 }
      if size > 0, decisions.count >= Self.maximumDecisions || bytes + size > Self.maximumBytes {
        return number(of: TraceDecision(decision.sampling)) | Self.untagged
      }
      bytes += size
      decisions.append(decision)
      numbers[decision] = UInt32(decisions.count - 1)
      return UInt32(decisions.count - 1)
    }

    /// Where a fingerprint stands, or the empty slot where it would.
    private func slot(of mark: UInt64) -> Int {
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: mark) & mask
      while slots[slot].mark != 0, slots[slot].mark != mark { slot = (slot + 1) & mask }
      return slot
    }

    private mutating func grow() {
      let old = slots
      slots = Array(repeating: Slot(), count: max(old.count * 2, 256))
      for entry in old where entry.mark != 0 { slots[slot(of: entry.mark)] = entry }
    }
  }
}
