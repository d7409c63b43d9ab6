/// The one span that a lane works on: an index over its bytes and an overlay of edits.
///
/// A lane has one workspace and lends it to each span in turn. Reading finds a field in the bytes; writing puts the new
/// field into the scratch buffer and points the field's slot there; encoding copies untouched ranges and splices the
/// written ones in. To undo a failed rule is to put its slots back.
///
/// Memory safety: `base` points to the batch's bytes only between `begin` and the end of the `withUnsafeBufferPointer`
/// that lent it, in which the lane calls everything here; slots hold offsets that the reading of the same bytes gave.
///
/// `@exclusivity(unchecked)`: one lane owns it, and no method calls out while it changes a property, so accesses cannot
/// overlap; checking it at run time took a tenth of the whole engine's time.
@usableFromInline
package final class SpanWorkspace {
  @exclusivity(unchecked) @usableFromInline package private(set) var base: UnsafePointer<UInt8>
  @usableFromInline package let scratch = WireBuffer(capacity: 64 * 1024)
  @usableFromInline let slotList = SlotList()
  @exclusivity(unchecked) private var journal: [(index: Int, slot: SpanSlot)] = []
  @exclusivity(unchecked) package var verdict = SpanVerdict()
  /// Steps that the chain asked to hide with for this span beyond the standing ones, a bit each.
  @exclusivity(unchecked) package var requestedSteps: UInt64 = 0

  @exclusivity(unchecked) private var whole: Range<Int> = 0..<0
  @exclusivity(unchecked) package private(set) var startTime: UInt64 = 0
  @exclusivity(unchecked) package private(set) var endTime: UInt64 = 0
  @exclusivity(unchecked) package private(set) var kind: UInt64 = 0
  @exclusivity(unchecked) package private(set) var flags: UInt64 = 0

  /// The fields of the `ResourceSpans` and `ScopeSpans` that the span came in, before their children.
  package var resourceHeader: Range<Int> = 0..<0
  package var scopeHeader: Range<Int> = 0..<0
  /// The same behind their children, where the schema URLs stand.
  package var resourceTrailer: Range<Int> = 0..<0
  package var scopeTrailer: Range<Int> = 0..<0

  package init() {
    // Replaced by the batch's bytes before anything is read.
    base = UnsafePointer(scratch.base)
    journal.reserveCapacity(64)
  }

  /// The span's fields in the order they stand in, written ones in the place of those they replace. Valid until the
  /// next edit.
  @inlinable @inline(__always)
  package var slots: UnsafeBufferPointer<SpanSlot> { slotList.slots }

  /// Takes up the span whose content stands at `range` of `base`.
  package func begin(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    self.base = base
    whole = range
    slotList.truncate(to: 0)
    journal.removeAll(keepingCapacity: true)
    scratch.truncate(to: 0)
    verdict = SpanVerdict()
    requestedSteps = 0
    startTime = 0
    endTime = 0
    kind = 0
    flags = 0
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      var slot = SpanSlot(field, .batch)
      switch field.number {
      case FieldNumber.Span.attributes:
        if field.type == .lengthDelimited { Self.locateParts(of: &slot, base) }
      case FieldNumber.Span.startTime: if field.type == .fixed64 { startTime = field.value }
      case FieldNumber.Span.endTime: if field.type == .fixed64 { endTime = field.value }
      case FieldNumber.Span.kind: if field.type == .varint { kind = field.enumeration }
      case FieldNumber.Span.flags: if field.type == .fixed32 { flags = field.value }
      default: break
      }
      slotList.append(slot)
    }
  }

  @inline(__always)
  private static func locateParts(of slot: inout SpanSlot, _ base: UnsafePointer<UInt8>) {
    if locatePlainParts(of: &slot, base) { return }
    let parts = KeyValueParts(base, slot.content)
    slot.keyStart = UInt32(truncatingIfNeeded: parts.key.lowerBound)
    slot.keyEnd = UInt32(truncatingIfNeeded: parts.key.upperBound)
    slot.valueStart = UInt32(truncatingIfNeeded: parts.value.lowerBound)
    slot.valueEnd = UInt32(truncatingIfNeeded: parts.value.upperBound)
  }

  /// The same for the shape that nearly all attributes have: a key, then a value up to the end, lengths in one byte or
  /// two. False for any other. (Reading them field by field took twice as long.)
  @inline(__always)
  private static func locatePlainParts(of slot: inout SpanSlot, _ base: UnsafePointer<UInt8>) -> Bool {
    let start = Int(slot.payload)
    let end = Int(slot.end)
    guard end &- start >= 5, base[start] == 0x0A, base[start &+ 1] < 0x80 else { return false }
    let keyEnd = start &+ 2 &+ Int(base[start &+ 1])
    guard keyEnd &+ 3 <= end, base[keyEnd] == 0x12 else { return false }
    var length = Int(base[keyEnd &+ 1])
    var valueStart = keyEnd &+ 2
    if length >= 0x80 {
      guard base[keyEnd &+ 2] < 0x80 else { return false }
      length = length & 0x7F | Int(base[keyEnd &+ 2]) << 7
      valueStart &+= 1
    }
    guard valueStart &+ length == end else { return false }
    slot.keyStart = UInt32(truncatingIfNeeded: start &+ 2)
    slot.keyEnd = UInt32(truncatingIfNeeded: keyEnd)
    slot.valueStart = UInt32(truncatingIfNeeded: valueStart)
    slot.valueEnd = slot.end
    return true
  }

  /// The bytes that a slot's offsets count from. Fetched anew after each write.
  @inlinable @inline(__always)
  package func bytes(of slot: SpanSlot) -> UnsafePointer<UInt8> {
    slot.isWritten ? UnsafePointer(scratch.base) : base
  }

  package var isChanged: Bool { !journal.isEmpty }

  // MARK: Edits

  /// A point to which the overlay can be put back.
  package struct Checkpoint {
    var slots: Int
    var journal: Int
    var scratch: Int
    package var verdict: SpanVerdict
    var requestedSteps: UInt64
  }

  package func checkpoint() -> Checkpoint {
    Checkpoint(
      slots: slots.count, journal: journal.count, scratch: scratch.count, verdict: verdict,
      requestedSteps: requestedSteps)
  }

  package func rollBack(to point: Checkpoint) {
    while journal.count > point.journal, let entry = journal.popLast() {
      if entry.index < point.slots { slotList[entry.index] = entry.slot }
    }
    slotList.truncate(to: point.slots)
    scratch.truncate(to: point.scratch)
    verdict = point.verdict
    requestedSteps = point.requestedSteps
  }

  /// How many slots were written or removed since a checkpoint.
  package func editCount(since point: Checkpoint) -> Int { journal.count - point.journal }

  /// The slots that were edited since a checkpoint: what stood there, or what was added, and whether it is gone now.
  ///
  /// The slot is never a removed one, which no longer says in which bytes its offsets lie.
  package func edits(since point: Checkpoint) -> [(slot: SpanSlot, isRemoved: Bool)] {
    journal[point.journal...].map { (slot: $0.slot, isRemoved: slots[$0.index].isRemoved) }
  }

  package func remove(_ index: Int) {
    journal.append((index, slots[index]))
    slotList[index].source = .removed
  }

  /// Puts the field that `write` appends to the scratch buffer in the place of a slot.
  package func replace(_ index: Int, _ write: (WireBuffer) -> Void) {
    if let slot = written(write) { put(slot, at: index) }
  }

  /// Adds the field that `write` appends to the scratch buffer.
  package func add(_ write: (WireBuffer) -> Void) {
    guard let slot = written(write) else { return }
    journal.append((slots.count, slot))
    slotList.append(slot)
  }

  /// Puts a slot that stands for what was just written in the place of another.
  func put(_ slot: SpanSlot, at index: Int) {
    journal.append((index, slots[index]))
    slotList[index] = slot
  }

  private func written(_ write: (WireBuffer) -> Void) -> SpanSlot? {
    let start = scratch.count
    write(scratch)
    var cursor = WireCursor(UnsafePointer(scratch.base), start..<scratch.count)
    guard let field = cursor.nextChecked() else { return nil }
    var slot = SpanSlot(field, .scratch)
    if field.number == FieldNumber.Span.attributes { Self.locateParts(of: &slot, UnsafePointer(scratch.base)) }
    return slot
  }

  // MARK: Encoding

  /// Appends the span's content as it is now.
  package func encode(into output: WireBuffer) {
    if journal.isEmpty {
      output.append(base + whole.lowerBound, whole.count)
      return
    }
    var index = 0
    while index < slots.count {
      let slot = slots[index]
      index += 1
      if slot.isRemoved { continue }
      var end = slot.end
      while index < slots.count, slots[index].isWritten == slot.isWritten, !slots[index].isRemoved,
        slots[index].start == end
      {
        end = slots[index].end
        index += 1
      }
      output.append(bytes(of: slot) + Int(slot.start), Int(end - slot.start))
    }
  }
}
