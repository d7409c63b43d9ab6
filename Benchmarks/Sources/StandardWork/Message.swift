/// Writes protobuf, as much of it as the standard work needs.
struct Message {
  enum Value {
    case text(String)
    case int(UInt64)
  }

  private(set) var bytes: [UInt8] = []

  mutating func field(_ number: UInt64, _ content: [UInt8]) {
    raw(number << 3 | 2)
    raw(UInt64(content.count))
    bytes += content
  }

  mutating func text(_ number: UInt64, _ text: String) { field(number, Array(text.utf8)) }

  mutating func message(_ number: UInt64, _ body: (inout Message) -> Void) {
    var inner = Message()
    body(&inner)
    field(number, inner.bytes)
  }

  mutating func varint(_ number: UInt64, _ value: UInt64) {
    raw(number << 3)
    raw(value)
  }

  mutating func fixed64(_ number: UInt64, _ value: UInt64) {
    raw(number << 3 | 1)
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
  }

  mutating func attribute(_ key: String, _ value: Value) {
    text(1, key)
    message(2) { inner in
      switch value {
      case .text(let text): inner.text(1, text)
      case .int(let number): inner.varint(3, number)
      }
    }
  }

  private mutating func raw(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}
