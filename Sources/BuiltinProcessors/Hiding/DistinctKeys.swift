internal import ProcessorHost

/// Keeps the keys of one set of attributes apart when parts of them are hidden: the second `[REDACTED]` becomes
/// `[REDACTED]#2`, for two attributes of one name would be one to many backends.
struct DistinctKeys {
  private var used: Set<[UInt8]>
  /// The number to try next, by the key without one.
  private var next: [[UInt8]: Int] = [:]

  init(_ keys: some Sequence<[UInt8]>) { used = Set(keys) }

  /// The key as it can be written beside all others.
  mutating func distinct(_ key: [UInt8]) -> [UInt8] {
    var candidate = key
    var number = next[key] ?? 2
    while !used.insert(candidate).inserted {
      candidate = key + Array("#\(number)".utf8)
      number += 1
    }
    next[key] = number
    return candidate
  }
}

extension DistinctKeys {
  /// The keys of a span's attributes, as they are now.
  init(attributesOf span: SpanWorkspace) {
    self.init(
      span.slots.lazy.filter(\.isAttribute).map { slot in
        Array(UnsafeBufferPointer(start: span.bytes(of: slot) + slot.key.lowerBound, count: slot.key.count))
      })
  }

  /// The keys of a message's own attributes.
  init(attributesOf message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    var keys: [[UInt8]] = []
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      guard field.isLengthDelimited, WireSchema.otlp.rule(message, field.number).message == .keyValue else { continue }
      let key = KeyValueParts(base, field.content).key
      keys.append(Array(UnsafeBufferPointer(start: base + key.lowerBound, count: key.count)))
    }
    self.init(keys)
  }
}
