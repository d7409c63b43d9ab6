extension SpanWorkspace {
  /// The slot of a singular field, or nil where the span has none.
  package func firstSlot(_ number: UInt32, _ type: WireType = .lengthDelimited) -> Int? {
    slots.firstIndex { $0.number == number && $0.type == type && !$0.isRemoved }
  }

  /// The first attribute with this key at or after `from`.
  @inline(__always)
  package func attribute(_ key: UnsafePointer<UInt8>, _ length: Int, from: Int = 0) -> Int? {
    var index = from
    while index < slots.count {
      let slot = slots[index]
      if slot.isAttribute, Int(slot.keyEnd &- slot.keyStart) == length,
        WireBytes.equal(bytes(of: slot) + Int(slot.keyStart), key, length)
      {
        return index
      }
      index += 1
    }
    return nil
  }

  /// Writes an attribute whose value is the content of an `AnyValue` message.
  ///
  /// A key that stands several times stands once afterwards, in the place of the first.
  package func setAttribute(
    _ key: UnsafePointer<UInt8>, _ keyLength: Int, _ value: UnsafePointer<UInt8>, _ valueLength: Int
  ) {
    let first = attribute(key, keyLength)
    if let first { removeAttributes(key, keyLength, from: first + 1) }
    let write = { (buffer: WireBuffer) in
      let inner =
        1 + WireBuffer.varintLength(UInt64(keyLength)) + keyLength
        + 1 + WireBuffer.varintLength(UInt64(valueLength)) + valueLength
      buffer.appendTag(FieldNumber.Span.attributes, .lengthDelimited)
      buffer.appendVarint(UInt64(inner))
      buffer.appendTag(FieldNumber.KeyValue.key, .lengthDelimited)
      buffer.appendVarint(UInt64(keyLength))
      buffer.append(key, keyLength)
      buffer.appendTag(FieldNumber.KeyValue.value, .lengthDelimited)
      buffer.appendVarint(UInt64(valueLength))
      buffer.append(value, valueLength)
    }
    if let first { replace(first, write) } else { add(write) }
  }

  /// Gives an attribute another value, the content of an `AnyValue` message; its key stays.
  ///
  /// The slot is known from what is written, so nothing is read again.
  /// - Parameter value: bytes that do not lie in the scratch buffer.
  package func replaceValue(of index: Int, with value: UnsafeBufferPointer<UInt8>) {
    var slot = slots[index]
    let keyLength = slot.key.count
    let keyField = 1 + WireBuffer.varintLength(UInt64(keyLength)) + keyLength
    let valueField = 1 + WireBuffer.varintLength(UInt64(value.count)) + value.count
    // Room first: a key that an earlier edit wrote lies in this buffer, which must not move under it.
    scratch.reserve(keyField + valueField + 16)
    slot.start = UInt32(truncatingIfNeeded: scratch.count)
    scratch.appendTag(FieldNumber.Span.attributes, .lengthDelimited)
    scratch.appendVarint(UInt64(keyField + valueField))
    slot.payload = UInt32(truncatingIfNeeded: scratch.count)
    scratch.appendTag(FieldNumber.KeyValue.key, .lengthDelimited)
    scratch.appendVarint(UInt64(keyLength))
    let keyStart = scratch.count
    scratch.append(bytes(of: slot) + slot.key.lowerBound, keyLength)
    scratch.appendTag(FieldNumber.KeyValue.value, .lengthDelimited)
    scratch.appendVarint(UInt64(value.count))
    slot.valueStart = UInt32(truncatingIfNeeded: scratch.count)
    scratch.append(run: value)
    slot.keyStart = UInt32(truncatingIfNeeded: keyStart)
    slot.keyEnd = UInt32(truncatingIfNeeded: keyStart + keyLength)
    slot.valueEnd = UInt32(truncatingIfNeeded: scratch.count)
    slot.end = slot.valueEnd
    slot.source = .scratch
    put(slot, at: index)
  }

  /// Removes every attribute with this key.
  package func removeAttributes(_ key: UnsafePointer<UInt8>, _ length: Int, from: Int = 0) {
    var next = attribute(key, length, from: from)
    while let index = next {
      remove(index)
      next = attribute(key, length, from: index + 1)
    }
  }

  /// Writes a text field of the span itself: its name or its trace state. Empty text removes the field.
  package func setText(_ number: UInt32, _ text: some Collection<UInt8>) {
    let write = { (buffer: WireBuffer) in
      buffer.appendTag(number, .lengthDelimited)
      buffer.appendVarint(UInt64(text.count))
      buffer.append(text)
    }
    if let index = firstSlot(number) {
      if text.isEmpty { remove(index) } else { replace(index, write) }
    } else if !text.isEmpty {
      add(write)
    }
  }

  /// The content of a text field; empty where the span has none.
  package func text(_ number: UInt32) -> UnsafeBufferPointer<UInt8> {
    guard let index = firstSlot(number) else { return UnsafeBufferPointer(start: nil, count: 0) }
    let slot = slots[index]
    return UnsafeBufferPointer(start: bytes(of: slot) + Int(slot.payload), count: slot.content.count)
  }

  /// The status: its code and where its message stands.
  package var status: (code: UInt64, message: UnsafeBufferPointer<UInt8>) {
    var code: UInt64 = 0
    var message = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    if let index = firstSlot(FieldNumber.Span.status) {
      let slot = slots[index]
      let bytes = bytes(of: slot)
      var cursor = WireCursor(bytes, slot.content)
      while let field = cursor.nextChecked() {
        if field.number == FieldNumber.Status.code, field.type == .varint { code = field.enumeration }
        if field.number == FieldNumber.Status.message, field.isLengthDelimited {
          message = UnsafeBufferPointer(start: bytes + field.payload, count: field.end - field.payload)
        }
      }
    }
    return (code, message)
  }

  /// Writes the status anew.
  package func setStatus(code: UInt64, message: [UInt8]) {
    let write = { (buffer: WireBuffer) in
      buffer.appendMessage(FieldNumber.Span.status) {
        if !message.isEmpty {
          buffer.appendTag(FieldNumber.Status.message, .lengthDelimited)
          buffer.appendVarint(UInt64(message.count))
          buffer.append(message)
        }
        if code != 0 {
          buffer.appendTag(FieldNumber.Status.code, .varint)
          buffer.appendVarint(code)
        }
      }
    }
    if let index = firstSlot(FieldNumber.Span.status) { replace(index, write) } else { add(write) }
  }

  /// An id of the span: 16 or 8 bytes, or none.
  package func identifier(_ number: UInt32) -> UnsafeBufferPointer<UInt8> { text(number) }
}

/// Comparisons over raw runs of bytes.
@usableFromInline
package enum WireBytes {
  /// Whether `length` bytes are the same; both runs have at least that many.
  @inlinable
  package static func equal(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    var index = 0
    while index &+ 8 <= length {
      let a = UnsafeRawPointer(left + index).loadUnaligned(as: UInt64.self)
      let b = UnsafeRawPointer(right + index).loadUnaligned(as: UInt64.self)
      if a != b { return false }
      index &+= 8
    }
    while index < length {
      if left[index] != right[index] { return false }
      index &+= 1
    }
    return true
  }

  /// Whether two runs of bytes are the same.
  @inline(__always)
  static func equal(_ left: [UInt8], _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count, let other = right.baseAddress else { return left.count == right.count }
    return left.withUnsafeBufferPointer { run in
      run.baseAddress.map { equal($0, other, run.count) } ?? true
    }
  }

  /// A big-endian number of up to eight bytes.
  package static func bigEndian(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
