extension OTLPJSONParser {
  /// Appends a field that is no message.
  ///
  /// A default is left out, as proto3 has it, unless `isKept`: a member of a oneof counts by being there.
  mutating func scalar(_ kind: OTLPJSONScalar, _ number: UInt32, isKept: Bool) throws(JSONFault) {
    switch kind {
    case .string:
      try text(number, isKept: isKept)
    case .hexadecimal, .base64:
      try bytes(number, isHexadecimal: kind == .hexadecimal, isKept: isKept)
    case .bool:
      let value = try bool()
      if value || isKept { varint(number, value ? 1 : 0) }
    case .int64:
      let value = try integer("an integer from -2^63 to 2^63 - 1", upTo: UInt64(Int64.max), below: 1 << 63)
      if value != 0 || isKept { varint(number, value) }
    case .uint32:
      let value = try integer("an integer from 0 to 4294967295", upTo: UInt64(UInt32.max))
      if value != 0 || isKept { varint(number, value) }
    case .spanKind, .statusCode:
      let value = try enumeration(kind)
      if value != 0 || isKept { varint(number, value) }
    case .fixed32:
      let value = try integer("an integer from 0 to 4294967295", upTo: UInt64(UInt32.max))
      guard value != 0 || isKept else { return }
      output.appendTag(number, .fixed32)
      output.appendFixed32(UInt32(truncatingIfNeeded: value))
    case .fixed64:
      let value = try integer("an integer from 0 to 2^64 - 1", upTo: .max)
      guard value != 0 || isKept else { return }
      output.appendTag(number, .fixed64)
      output.appendFixed64(value)
    case .double:
      let value = try double()
      output.appendTag(number, .fixed64)
      output.appendFixed64(value.bitPattern)
    }
  }

  mutating func text(_ number: UInt32, isKept: Bool) throws(JSONFault) {
    let string = try string("a string")
    guard string.count > 0 || isKept else { return }
    let content = output.openDelimited(number)
    var text = JSONText()
    text.append(string, of: scanner.base, to: output)
    tally.counts.invalidStrings += text.invalidStrings
    tally.counts.loneSurrogates += text.loneSurrogates
    output.closeDelimited(content)
  }

  private mutating func bytes(_ number: UInt32, isHexadecimal: Bool, isKept: Bool) throws(JSONFault) {
    let string = try string(isHexadecimal ? "a string of hexadecimal digits" : "a string of base64")
    guard string.count > 0 || isKept else { return }
    let content = output.openDelimited(number)
    let source = self.content(of: string)
    guard isHexadecimal ? Hexadecimal.decode(source, to: output) : Base64.decode(source, to: output) else {
      throw isHexadecimal
        ? JSONFault(.badHexadecimal, at: string.start - 1, expected: "an even number of hexadecimal digits")
        : JSONFault(.badBase64, at: string.start - 1, expected: "base64")
    }
    output.closeDelimited(content)
  }

  private mutating func string(_ expected: StaticString) throws(JSONFault) -> JSONString {
    scanner.skipWhitespace()
    guard scanner.peek == JSONByte.quote else { throw scanner.mismatch(expected) }
    return try scanner.string()
  }

  private mutating func bool() throws(JSONFault) -> Bool {
    switch scanner.peek {
    case JSONByte.lowerT:
      try scanner.takeLiteral("true")
      return true
    case JSONByte.lowerF:
      try scanner.takeLiteral("false")
      return false
    default:
      throw scanner.mismatch("true or false")
    }
  }

  /// A number, or a string that holds one and nothing else; for a string its content too.
  private mutating func number(
    _ expected: StaticString
  ) throws(JSONFault) -> (number: JSONNumber?, text: UnsafeBufferPointer<UInt8>) {
    switch scanner.peek {
    case JSONByte.minus, JSONByte.zero...JSONByte.nine:
      return (try scanner.number(), UnsafeBufferPointer(start: nil, count: 0))
    case JSONByte.quote:
      let text = content(of: try scanner.string())
      guard let base = text.baseAddress else { return (nil, text) }
      var inner = JSONScanner(base, 0..<text.count)
      do {
        let number = try inner.number()
        return (inner.position == inner.end ? number : nil, text)
      } catch {
        return (nil, text)
      }
    default:
      throw scanner.mismatch(expected)
    }
  }

  /// An integer as a varint has it: two's complement.
  private mutating func integer(
    _ expected: StaticString, upTo maximum: UInt64, below minimum: UInt64 = 0
  ) throws(JSONFault) -> UInt64 {
    let offset = scanner.position
    return try Self.integer(try number(expected).number, expected, offset, upTo: maximum, below: minimum)
  }

  private static func integer(
    _ number: JSONNumber?, _ expected: StaticString, _ offset: Int, upTo maximum: UInt64, below minimum: UInt64
  ) throws(JSONFault) -> UInt64 {
    guard let number else { throw JSONFault(.wrongType, at: offset, expected: expected) }
    guard let value = number.integer, value.magnitude <= (value.isNegative ? minimum : maximum) else {
      throw JSONFault(.outOfRange, at: offset, expected: expected)
    }
    return value.isNegative ? 0 &- value.magnitude : value.magnitude
  }

  /// An integer, or the name that the .proto file gives it.
  private mutating func enumeration(_ kind: OTLPJSONScalar) throws(JSONFault) -> UInt64 {
    let offset = scanner.position
    let (number, text) = try number("an integer")
    if number == nil {
      guard let value = OTLPJSONSchema.enumName(kind, text) else {
        throw JSONFault(.unknownEnumName, at: offset, expected: "an integer, or a name that OTLP has")
      }
      return value
    }
    return try Self.integer(
      number, "an integer of 32 bits", offset, upTo: UInt64(Int32.max), below: UInt64(Int32.max) + 1)
  }

  private mutating func double() throws(JSONFault) -> Double {
    let offset = scanner.position
    let expected: StaticString = "a number, or one of \"NaN\", \"Infinity\", \"-Infinity\""
    let (number, text) = try number(expected)
    guard let number else {
      if text.elementsEqual("NaN".utf8) { return .nan }
      if text.elementsEqual("Infinity".utf8) { return .infinity }
      if text.elementsEqual("-Infinity".utf8) { return -.infinity }
      throw JSONFault(.wrongType, at: offset, expected: expected)
    }
    guard let value = number.double else {
      throw JSONFault(.outOfRange, at: offset, expected: "a number that a double can hold")
    }
    return value
  }

  private func varint(_ number: UInt32, _ value: UInt64) {
    output.appendTag(number, .varint)
    output.appendVarint(value)
  }
}
