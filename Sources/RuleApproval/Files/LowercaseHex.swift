internal import ProcessorHost

/// Bytes as hexadecimal digits in lower case, and in no other way: a text has one form, which can be compared.
enum LowercaseHex {
  static func text(of bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.flatMap { [Hexadecimal.letter($0 >> 4), Hexadecimal.letter($0 & 15)] }, as: UTF8.self)
  }

  /// The bytes of a text; nil where it has another length, or anything but the digits 0-9 and a-f.
  static func bytes(_ text: some StringProtocol, count: Int) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count == 2 * count else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard isDigit(digits[index]), isDigit(digits[index + 1]), let high = Hexadecimal.digit(digits[index]),
        let low = Hexadecimal.digit(digits[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}
