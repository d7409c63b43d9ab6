/// Bytes as hexadecimal digits (RFC 4648, section 8), two for each, in either case when read.
package enum Hexadecimal {
  /// The value of one digit.
  @inline(__always)
  package static func digit(_ byte: UInt8) -> UInt8? {
    let number = byte &- 0x30
    if number <= 9 { return number }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter <= 5 ? letter + 10 : nil
  }

  /// Appends the bytes that `text` stands for; false, and nothing appended, when it is not hexadecimal.
  package static func decode(_ text: UnsafeBufferPointer<UInt8>, to output: WireBuffer) -> Bool {
    guard text.count % 2 == 0 else { return false }
    let start = output.count
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = digit(text[index]), let low = digit(text[index + 1]) else {
        output.truncate(to: start)
        return false
      }
      output.append(high << 4 | low)
    }
    return true
  }

  /// Appends the digits, in lower case.
  static func encode(_ bytes: UnsafeBufferPointer<UInt8>, to output: WireBuffer) {
    for byte in bytes {
      output.append(letter(byte >> 4))
      output.append(letter(byte & 0xF))
    }
  }

  /// The digit of a value from 0 to 15.
  package static func letter(_ value: UInt8) -> UInt8 {
    value < 10 ? value &+ JSONByte.zero : value &- 10 &+ UInt8(ascii: "a")
  }
}
