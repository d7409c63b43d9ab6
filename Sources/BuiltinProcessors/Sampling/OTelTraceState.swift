/// The `ot` member of a W3C trace state, read where it stands.
///
/// A member that breaks the grammar, is longer than 256 characters or gives `th` or `rv` twice says nothing that could
/// be relied on: it counts as having neither, and writing replaces it. An invalid value of `th` or `rv` alone counts as
/// absent. Of several `ot` members the first counts, being the newest.
///
/// OpenTelemetry specification, *TraceState Handling*; W3C Trace Context, section 3.3.
///
/// Memory safety: the value borrows the bytes that it was made with, and must not outlive them.
package struct OTelTraceState {
  /// The longest value of the member, in characters.
  static let maximumLength = 256

  let bytes: UnsafeBufferPointer<UInt8>
  /// The value of the member, where it has one that follows the grammar.
  private(set) var value: Range<Int>?
  /// Whether there is an `ot` member, malformed or not.
  private(set) var hasMember = false
  /// Whether every `ot` member is read and understood, so that it can stay as it is.
  private(set) var isWellFormed = true

  /// How the span was sampled so far; nil where nobody said.
  package private(set) var threshold: SamplingThreshold?
  /// The explicit randomness of the trace, 56 bits, which stands in for that of the trace id.
  package private(set) var randomness: UInt64?

  /// - Parameter bytes: the trace state; may be empty.
  package init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    var members = TraceStateMembers(bytes)
    while let member = members.next() {
      guard let value = Self.value(of: member, bytes) else { continue }
      if hasMember {
        isWellFormed = false
        break
      }
      hasMember = true
      read(value)
    }
  }

  /// Where the value of an `ot` member stands; nil for another one's member.
  static func value(of member: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    guard member.count >= 3, bytes[member.lowerBound] == UInt8(ascii: "o"),
      bytes[member.lowerBound + 1] == UInt8(ascii: "t"), bytes[member.lowerBound + 2] == UInt8(ascii: "=")
    else { return nil }
    return member.lowerBound + 3..<member.upperBound
  }

  /// Whether a field of an `ot` member is a well-formed `th` or `rv`.
  static func isNumber(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    let digits = UnsafeBufferPointer(rebasing: field.dropFirst(3))
    if field.starts(with: "th:".utf8) { return SamplingThreshold(th: digits) != nil }
    return field.starts(with: "rv:".utf8) && digits.count == SamplingThreshold.digitCount
      && SamplingThreshold.number(digits) != nil
  }

  private mutating func read(_ range: Range<Int>) {
    var fields = OTelTraceStateFields(bytes, range)
    var hasThreshold = false
    var hasRandomness = false
    while let field = fields.next() {
      switch field.name {
      case .threshold:
        if hasThreshold { fields.fail() }
        hasThreshold = true
        threshold = SamplingThreshold(th: UnsafeBufferPointer(rebasing: bytes[field.value]))
        if threshold == nil { isWellFormed = false }
      case .randomness:
        if hasRandomness { fields.fail() }
        hasRandomness = true
        if field.value.count == SamplingThreshold.digitCount {
          randomness = SamplingThreshold.number(bytes[field.value])
        }
        if randomness == nil { isWellFormed = false }
      case .other: break
      }
    }
    if fields.isMalformed || range.count > Self.maximumLength {
      isWellFormed = false
      threshold = nil
      randomness = nil
    } else {
      value = range
    }
  }
}

/// Walks the members of a trace state: between commas, without the white space around them, empty ones left out.
struct TraceStateMembers {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func next() -> Range<Int>? {
    while position < bytes.count {
      var start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: ",") { position += 1 }
      var end = position
      position += 1
      while start < end, Self.isSpace(bytes[start]) { start += 1 }
      while start < end, Self.isSpace(bytes[end - 1]) { end -= 1 }
      if start < end { return start..<end }
    }
    return nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}

/// Walks the sub-keys of an `ot` member's value.
struct OTelTraceStateFields {
  enum Name {
    case threshold
    case randomness
    case other
  }

  struct Field {
    var name: Name
    /// The sub-key with its value.
    var whole: Range<Int>
    var value: Range<Int>
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position: Int
  private let end: Int
  private var isAtEnd = false
  /// Whether what was read so far breaks the grammar; nothing more is read then.
  private(set) var isMalformed = false

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  mutating func fail() { isMalformed = true }

  mutating func next() -> Field? {
    if isAtEnd || isMalformed { return nil }
    let start = position
    while position < end, Self.isKeyCharacter(bytes[position], isFirst: position == start) { position += 1 }
    let colon = position
    guard colon > start, colon < end, bytes[colon] == UInt8(ascii: ":") else {
      isMalformed = true
      return nil
    }
    position += 1
    while position < end, Self.isValueCharacter(bytes[position]) { position += 1 }
    let field = Field(name: name(start..<colon), whole: start..<position, value: colon + 1..<position)
    if position == end {
      isAtEnd = true
    } else if bytes[position] == UInt8(ascii: ";") {
      position += 1
    } else {
      isMalformed = true
      return nil
    }
    return field
  }

  private func name(_ key: Range<Int>) -> Name {
    guard key.count == 2 else { return .other }
    return switch (bytes[key.lowerBound], bytes[key.lowerBound + 1]) {
    case (UInt8(ascii: "t"), UInt8(ascii: "h")): .threshold
    case (UInt8(ascii: "r"), UInt8(ascii: "v")): .randomness
    default: .other
    }
  }

  private static func isKeyCharacter(_ byte: UInt8, isFirst: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
    default: false
    }
  }

  private static func isValueCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
