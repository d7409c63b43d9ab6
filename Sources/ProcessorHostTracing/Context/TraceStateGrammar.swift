/// What a key and a value of a trace state may consist of. W3C Trace Context Level 2, section 3.3.1.3.
///
/// Level 1 knew keys of a tenant, whose name may begin with a digit, and a system, joined by `@`; Level 2 allows a first
/// digit and `@` anywhere but first, so that every key of Level 1 is one of Level 2.
enum TraceStateGrammar {
  /// The longest key, and the longest value, in characters.
  static let maximumLength = 256

  static let firstKeyCharacter = "a key that begins with a-z or 0-9"
  static let keyCharacter = "a key's character, one of a-z 0-9 _ - * / @"
  static let valueCharacter = "a value's character, printable ASCII other than , and ="

  static func canBeginKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }

  static func isKeyCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
      UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "@"):
      true
    default: false
    }
  }

  static func isValueCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "="): false
    case 0x20...0x7e: true
    default: false
    }
  }

  static func check(key: String) throws(TraceStateError) {
    for (offset, byte) in key.utf8.enumerated() {
      if offset == 0, !canBeginKey(byte) {
        throw TraceStateError(offset, expected: firstKeyCharacter, found: byte)
      }
      guard isKeyCharacter(byte) else { throw TraceStateError(offset, expected: keyCharacter, found: byte) }
      guard offset < maximumLength else { throw tooLong("key", offset) }
    }
    if key.isEmpty { throw TraceStateError(0, expected: firstKeyCharacter, found: nil) }
  }

  static func check(value: String) throws(TraceStateError) {
    var last: UInt8?
    for (offset, byte) in value.utf8.enumerated() {
      guard isValueCharacter(byte) else { throw TraceStateError(offset, expected: valueCharacter, found: byte) }
      guard offset < maximumLength else { throw tooLong("value", offset) }
      last = byte
    }
    if last == nil { throw TraceStateError(0, expected: valueCharacter, found: nil) }
    if last == UInt8(ascii: " ") {
      throw TraceStateError(value.utf8.count - 1, expected: "a value that does not end in a space", found: last)
    }
  }

  static func tooLong(_ what: String, _ offset: Int) -> TraceStateError {
    TraceStateError(offset, "expected a \(what) of at most \(maximumLength) characters, found a longer one")
  }
}
