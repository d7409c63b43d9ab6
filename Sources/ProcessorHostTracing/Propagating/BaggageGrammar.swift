/// What a member of the header `baggage` may consist of. W3C Baggage, section 3.3.1; RFC 9110, section 5.6.2 for tokens.
enum BaggageGrammar {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// Reads what stands between two commas; nil where that is no member.
  static func entry(_ member: Bytes) -> Baggage.Entry? {
    let pair = member.prefix { $0 != UInt8(ascii: ";") }
    let name = trimmed(pair.prefix { $0 != UInt8(ascii: "=") })
    guard isToken(name), let equals = pair[name.endIndex...].firstIndex(of: UInt8(ascii: "=")) else { return nil }
    let value = trimmed(pair[(equals + 1)...])
    guard value.allSatisfy(isOctet) else { return nil }
    var metadata = member[pair.endIndex...]
    if !metadata.isEmpty {
      metadata = trimmed(metadata.dropFirst())
      guard areProperties(metadata) else { return nil }
    }
    return Baggage.Entry(
      name: String(decoding: name, as: UTF8.self), value: decoded(value),
      metadata: String(decoding: metadata, as: UTF8.self))
  }

  /// Whether text is a list of properties, `key=value` or `key`, with nothing else in it.
  static func areProperties(_ text: Bytes) -> Bool {
    var rest = text
    while true {
      let property = rest.prefix { $0 != UInt8(ascii: ";") }
      guard isProperty(property) else { return false }
      if property.endIndex == rest.endIndex { return true }
      rest = rest[(property.endIndex + 1)...]
    }
  }

  private static func isProperty(_ text: Bytes) -> Bool {
    let key = text.prefix { $0 != UInt8(ascii: "=") }
    guard isToken(trimmed(key)) else { return false }
    return key.endIndex == text.endIndex || trimmed(text[(key.endIndex + 1)...]).allSatisfy(isOctet)
  }

  static func isToken(_ text: some Collection<UInt8>) -> Bool { !text.isEmpty && text.allSatisfy(isTokenCharacter) }

  /// Whether a byte of a value stands for itself. What else may stand in a value, the percent sign, begins an escape.
  static func isPlain(_ byte: UInt8) -> Bool { byte != UInt8(ascii: "%") && isOctet(byte) }

  private static func isOctet(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\\"): false
    case 0x21...0x7e: true
    default: false
    }
  }

  private static func isTokenCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"),
      UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func trimmed(_ text: Bytes) -> Bytes {
    func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var rest = text.drop(while: isSpace)
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }

  /// The text of a value: escapes stand for bytes of UTF-8, and bytes that are no UTF-8 for U+FFFD. A percent sign
  /// without two hexadecimal digits stands for itself.
  private static func decoded(_ value: Bytes) -> String {
    guard value.contains(UInt8(ascii: "%")) else { return String(decoding: value, as: UTF8.self) }
    var output: [UInt8] = []
    output.reserveCapacity(value.count)
    var index = value.startIndex
    while index < value.endIndex {
      if value[index] == UInt8(ascii: "%"), index + 2 < value.endIndex, let high = digit(value[index + 1]),
        let low = digit(value[index + 2])
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(value[index])
        index += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
