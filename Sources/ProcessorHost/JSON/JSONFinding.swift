/// Says what stands in a text without repeating it.
enum JSONFinding {
  /// The kind and length of what begins at `offset`.
  static func describe(_ text: UnsafeBufferPointer<UInt8>, at offset: Int) -> String {
    guard let base = text.baseAddress, offset < text.count else { return "the end of the text" }
    var scanner = JSONScanner(base, offset..<text.count)
    switch scanner.peek {
    case JSONByte.quote:
      do { return "a string of \(bytes(try scanner.string().count))" } catch {
        return "a string of \(bytes(error.offset - offset)) and then no more of it"
      }
    case JSONByte.minus, JSONByte.zero...JSONByte.nine:
      do { _ = try scanner.number() } catch { return "a number that is incomplete" }
      return "a number of \(bytes(scanner.position - offset))"
    case JSONByte.openBrace: return "an object"
    case JSONByte.openBracket: return "an array"
    case JSONByte.lowerT: return literal("true", &scanner)
    case JSONByte.lowerF: return literal("false", &scanner)
    case JSONByte.lowerN: return literal("null", &scanner)
    case JSONByte.closeBrace, JSONByte.closeBracket, JSONByte.comma, JSONByte.colon:
      return "'\(Character(Unicode.Scalar(scanner.peek)))'"
    default: return kind(of: scanner.peek)
    }
  }

  /// A member's name as a path has it.
  static func member(_ base: UnsafePointer<UInt8>, _ name: JSONString) -> String {
    let bytes = UnsafeBufferPointer(start: base + name.start, count: min(name.count, maximumName))
    let cut = name.count > maximumName ? "…" : ""
    let isIdentifier = bytes.allSatisfy { byte in
      byte == UInt8(ascii: "_") || JSONByte.isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }
    let text = String.printable(String(decoding: bytes, as: UTF8.self))
    return isIdentifier && !bytes.isEmpty ? ".\(text)\(cut)" : "[\"\(text)\(cut)\"]"
  }

  private static let maximumName = 64

  private static func literal(_ name: StaticString, _ scanner: inout JSONScanner) -> String {
    do { try scanner.takeLiteral(name) } catch { return "a letter" }
    return name.description
  }

  private static func kind(of byte: UInt8) -> String {
    switch byte {
    case ..<0x20, 0x7F: "a control character"
    case 0x80...: "a character that is not ASCII"
    case _ where (byte | 0x20) &- UInt8(ascii: "a") < 26: "a letter"
    case JSONByte.backslash: "a backslash"
    default: "another character"
    }
  }

  private static func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
}
