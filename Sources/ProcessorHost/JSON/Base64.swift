/// Bytes as base64 (RFC 4648): written in the standard alphabet with padding, read in that or the URL-safe one, padded
/// or not.
///
/// That is what the proto3 JSON mapping asks for.
package enum Base64 {
  /// Appends the bytes that `text` stands for; false, and nothing appended, when it is not base64.
  package static func decode(_ text: UnsafeBufferPointer<UInt8>, to output: WireBuffer) -> Bool {
    let start = output.count
    var count = text.count
    while count > 0, text.count - count < 2, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
    guard count % 4 != 1, count == text.count || text.count % 4 == 0 else { return false }
    var group: UInt32 = 0
    for index in 0..<count {
      guard let value = value(text[index]) else {
        output.truncate(to: start)
        return false
      }
      group = group << 6 | UInt32(value)
      if index % 4 == 3 {
        append(group, 3, to: output)
        group = 0
      }
    }
    // Two or three letters are left: one byte or two, and bits that stand for nothing.
    switch count % 4 {
    case 2: append(group << 12, 1, to: output)
    case 3: append(group << 6, 2, to: output)
    default: break
    }
    return true
  }

  static func encode(_ bytes: UnsafeBufferPointer<UInt8>, to output: WireBuffer) {
    for index in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - index)
      var group: UInt32 = 0
      for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[index + offset]) : 0) }
      for place in 0..<4 {
        let value = UInt8(truncatingIfNeeded: group >> UInt32(18 - 6 * place) & 0x3F)
        output.append(place <= count ? letter(value) : UInt8(ascii: "="))
      }
    }
  }

  /// Whether a byte is a letter of either alphabet.
  package static func isLetter(_ byte: UInt8) -> Bool { value(byte) != nil }

  private static func append(_ group: UInt32, _ count: Int, to output: WireBuffer) {
    for place in 0..<count { output.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place))) }
  }

  private static func value(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }

  private static func letter(_ value: UInt8) -> UInt8 {
    switch value {
    case ..<26: value + UInt8(ascii: "A")
    case ..<52: value - 26 + UInt8(ascii: "a")
    case ..<62: value - 52 + UInt8(ascii: "0")
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }
}
