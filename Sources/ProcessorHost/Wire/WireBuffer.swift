/// A growable run of bytes that belongs to one lane, written over and over without allocating.
///
/// Offsets stay true when it grows; pointers from `base` do not and are fetched anew after each append. It is not
/// `Sendable`: a lane owns it alone. No method calls out while it changes these properties, so accesses to them cannot
/// overlap, and the run-time checks for it (45 % of the time of the JSON reader) are left out.
@usableFromInline
package final class WireBuffer {
  @exclusivity(unchecked) @usableFromInline package private(set) var base: UnsafeMutablePointer<UInt8>
  @exclusivity(unchecked) @usableFromInline package private(set) var capacity: Int
  @exclusivity(unchecked) @usableFromInline package var count: Int

  package init(capacity: Int = 4096) {
    self.base = .allocate(capacity: max(capacity, 64))
    self.capacity = max(capacity, 64)
    self.count = 0
  }

  deinit { base.deallocate() }

  package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  /// Forgets what was written after `count`; the memory stays.
  @inlinable
  package func truncate(to count: Int) { self.count = min(self.count, count) }

  /// Forgets everything, and gives memory back where it has grown beyond `capacity`.
  package func reset(keeping capacity: Int) {
    count = 0
    guard self.capacity > capacity else { return }
    base.deallocate()
    base = .allocate(capacity: max(capacity, 64))
    self.capacity = max(capacity, 64)
  }

  @inlinable
  package func reserve(_ more: Int) {
    if count + more > capacity { grow(count + more) }
  }

  @usableFromInline
  func grow(_ needed: Int) {
    let larger = max(needed, capacity * 2)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    capacity = larger
  }

  @inlinable
  package func append(_ byte: UInt8) {
    reserve(1)
    base[count] = byte
    count += 1
  }

  /// Appends bytes that may lie in this same buffer.
  @inlinable
  package func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
    if length == 0 { return }
    let own = source >= UnsafePointer(base) && source < UnsafePointer(base + capacity)
    let offset = own ? UnsafePointer(base).distance(to: source) : 0
    reserve(length)
    (base + count).update(from: own ? UnsafePointer(base) + offset : source, count: length)
    count += length
  }

  /// Appends a run of bytes that may lie in this same buffer.
  @inlinable @inline(__always)
  package func append(run: UnsafeBufferPointer<UInt8>) {
    if let start = run.baseAddress { append(start, run.count) }
  }

  package func append(_ bytes: some Collection<UInt8>) {
    let appended: Void? = bytes.withContiguousStorageIfAvailable { run in
      if let start = run.baseAddress { append(start, run.count) }
    }
    if appended == nil { for byte in bytes { append(byte) } }
  }

  @inlinable
  package func appendVarint(_ value: UInt64) {
    reserve(10)
    var rest = value
    while rest >= 0x80 {
      base[count] = UInt8(truncatingIfNeeded: rest) | 0x80
      count += 1
      rest >>= 7
    }
    base[count] = UInt8(truncatingIfNeeded: rest)
    count += 1
  }

  @inlinable
  package func appendTag(_ number: UInt32, _ type: WireType) {
    appendVarint(UInt64(number) << 3 | UInt64(type.rawValue))
  }

  package func appendFixed64(_ value: UInt64) { store(value.littleEndian) }

  package func appendFixed32(_ value: UInt32) { store(value.littleEndian) }

  package func appendBigEndian(_ value: UInt64) { store(value.bigEndian) }

  /// Appends the bytes of a number as they lie in memory.
  private func store<Number: FixedWidthInteger>(_ number: Number) {
    let size = MemoryLayout<Number>.size
    reserve(size)
    UnsafeMutableRawPointer(base + count).storeBytes(of: number, as: Number.self)
    count += size
  }

  /// Writes a length-delimited field whose content `body` appends.
  ///
  /// The length is not known before; one byte is set aside for it, and the content moves when it needs more.
  package func appendMessage(_ number: UInt32, _ body: () -> Void) {
    appendTag(number, .lengthDelimited)
    append(0)
    let contentStart = count
    body()
    let length = count - contentStart
    let needed = Self.varintLength(UInt64(length))
    if needed > 1 {
      reserve(needed - 1)
      let content = base + contentStart
      (content + needed - 1).update(from: content, count: length)
      count += needed - 1
    }
    var rest = length
    var at = contentStart - 1
    while rest >= 0x80 {
      base[at] = UInt8(truncatingIfNeeded: rest) | 0x80
      at += 1
      rest >>= 7
    }
    base[at] = UInt8(truncatingIfNeeded: rest)
  }

  /// How many bytes a varint of this value takes, 1 to 10.
  @inlinable
  package static func varintLength(_ value: UInt64) -> Int {
    let bits = 64 - max(value, 1).leadingZeroBitCount
    return (bits + 6) / 7
  }

  /// Appends a `KeyValue` whose value is a text, as a field of this number. All lengths are known before anything is
  /// written, so that nothing is moved and room is made once.
  package func appendAttribute(_ number: UInt32, key: UnsafeBufferPointer<UInt8>, text: UnsafeBufferPointer<UInt8>) {
    let keyField = Self.fieldLength(key.count)
    let value = Self.fieldLength(text.count)
    // Six tags and lengths of at most ten bytes each.
    reserve(key.count + text.count + 60)
    appendTag(number, .lengthDelimited)
    appendVarint(UInt64(keyField + Self.fieldLength(value)))
    appendField(FieldNumber.KeyValue.key, key)
    appendTag(FieldNumber.KeyValue.value, .lengthDelimited)
    appendVarint(UInt64(value))
    appendField(FieldNumber.AnyValue.string, text)
  }

  @inline(__always)
  private func appendField(_ number: UInt32, _ bytes: UnsafeBufferPointer<UInt8>) {
    appendTag(number, .lengthDelimited)
    appendVarint(UInt64(bytes.count))
    guard let start = bytes.baseAddress else { return }
    (base + count).update(from: start, count: bytes.count)
    count += bytes.count
  }

  /// What a length-delimited field takes whose tag has one byte.
  private static func fieldLength(_ content: Int) -> Int { 1 + varintLength(UInt64(content)) + content }
}
