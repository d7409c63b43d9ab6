/// Walks the tokens of a JSON text (RFC 8259) where it stands.
///
/// Memory safety: every read is checked against `end`, and `position` never passes it, so no text makes it read
/// outside. What the type cannot check is that the bytes outlive it: it is made inside `withUnsafeBufferPointer` and
/// never stored beyond.
struct JSONScanner {
  /// Objects and arrays inside one another, in parts of a document that are passed over.
  static let maximumNesting = 1000

  let base: UnsafePointer<UInt8>
  let end: Int
  var position: Int

  /// The containers that `skipValue` is inside of, by their closing bytes.
  private var open: [UInt8] = []

  /// - Precondition: `range` lies inside the bytes that `base` points to.
  init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    self.base = base
    self.position = range.lowerBound
    self.end = range.upperBound
  }

  /// The byte at the position; NUL, which begins no token, at the end.
  var peek: UInt8 { position < end ? base[position] : 0 }

  mutating func skipWhitespace() {
    while position < end {
      switch base[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position &+= 1
      default: return
      }
    }
  }

  /// Passes over one byte that has to be there.
  mutating func take(_ byte: UInt8, _ expected: StaticString) throws(JSONFault) {
    guard peek == byte else { throw JSONFault(.syntax, at: position, expected: expected) }
    position &+= 1
  }

  /// A fault for a value that is not of the expected type, or is no value at all.
  func mismatch(_ expected: StaticString) -> JSONFault {
    switch peek {
    case JSONByte.quote, JSONByte.openBrace, JSONByte.openBracket, JSONByte.minus, JSONByte.zero...JSONByte.nine,
      JSONByte.lowerT, JSONByte.lowerF, JSONByte.lowerN:
      JSONFault(.wrongType, at: position, expected: expected)
    default:
      JSONFault(.syntax, at: position, expected: expected)
    }
  }

  /// Enters an object or array, given by its opening byte.
  mutating func enter(_ opening: UInt8, _ expected: StaticString) throws(JSONFault) {
    skipWhitespace()
    guard peek == opening else { throw mismatch(expected) }
    position &+= 1
  }

  /// The name of the next member of the object that was entered, the position at its value; nil past the last one.
  mutating func nextName(isFirst: inout Bool) throws(JSONFault) -> JSONString? {
    guard try advance(past: JSONByte.closeBrace, isFirst: &isFirst) else { return nil }
    return try name()
  }

  /// Whether the array that was entered has another element, the position at it.
  mutating func nextElement(isFirst: inout Bool) throws(JSONFault) -> Bool {
    try advance(past: JSONByte.closeBracket, isFirst: &isFirst)
  }

  private mutating func advance(past closing: UInt8, isFirst: inout Bool) throws(JSONFault) -> Bool {
    skipWhitespace()
    if peek == closing {
      position &+= 1
      return false
    }
    if isFirst {
      isFirst = false
    } else {
      try take(JSONByte.comma, closing == JSONByte.closeBrace ? "',' or '}'" : "',' or ']'")
      skipWhitespace()
    }
    return true
  }

  private mutating func name() throws(JSONFault) -> JSONString {
    guard peek == JSONByte.quote else { throw JSONFault(.syntax, at: position, expected: "a member's name in quotes") }
    let name = try string()
    skipWhitespace()
    try take(JSONByte.colon, "':'")
    skipWhitespace()
    return name
  }

  /// Passes over `true`, `false` or `null`.
  mutating func takeLiteral(_ literal: StaticString) throws(JSONFault) {
    let length = literal.utf8CodeUnitCount
    guard end - position >= length else { throw JSONFault(.syntax, at: position, expected: "a JSON value") }
    for index in 0..<length where base[position + index] != literal.utf8Start[index] {
      throw JSONFault(.syntax, at: position, expected: "a JSON value")
    }
    position += length
  }

  /// Passes over a whole value without recursion.
  mutating func skipValue() throws(JSONFault) {
    open.removeAll(keepingCapacity: true)
    repeat {
      skipWhitespace()
      switch peek {
      case JSONByte.openBrace:
        if try push(JSONByte.closeBrace) {
          _ = try name()
          continue
        }
      case JSONByte.openBracket:
        if try push(JSONByte.closeBracket) { continue }
      case JSONByte.quote: _ = try string()
      case JSONByte.lowerT: try takeLiteral("true")
      case JSONByte.lowerF: try takeLiteral("false")
      case JSONByte.lowerN: try takeLiteral("null")
      case JSONByte.minus, JSONByte.zero...JSONByte.nine: _ = try number()
      default: throw JSONFault(.syntax, at: position, expected: "a JSON value")
      }
      try closeFinished()
    } while !open.isEmpty
  }

  /// Enters a container; false when it was empty and has been left already.
  private mutating func push(_ closing: UInt8) throws(JSONFault) -> Bool {
    guard open.count < Self.maximumNesting else {
      throw JSONFault(.documentTooDeep, at: position, expected: "at most 1000 levels of objects and arrays")
    }
    position &+= 1
    skipWhitespace()
    if peek == closing {
      position &+= 1
      return false
    }
    open.append(closing)
    return true
  }

  /// After a value: leaves the containers that end here, up to one that has another value.
  private mutating func closeFinished() throws(JSONFault) {
    while let closing = open.last {
      skipWhitespace()
      if peek == closing {
        position &+= 1
        open.removeLast()
        continue
      }
      try take(JSONByte.comma, closing == JSONByte.closeBrace ? "',' or '}'" : "',' or ']'")
      skipWhitespace()
      if closing == JSONByte.closeBrace { _ = try name() }
      return
    }
  }
}
