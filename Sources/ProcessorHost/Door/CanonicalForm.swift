/// Rewrites a well-formed message into canonical form, by protobuf's own rules.
///
/// Otherwise the copy that loses, which a rule does not see, would be a place where a secret hides and still ships.
/// Only what `StructureCheck` found not to be canonical comes here, so plain arrays do.
struct CanonicalForm {
  let schema: WireSchema
  var notes = DoorNotes()

  init(schema: WireSchema) { self.schema = schema }

  /// The canonical form of a message that `StructureCheck` has read without a fault.
  mutating func rewrite(_ message: WireMessage, _ bytes: [UInt8]) -> [UInt8] {
    let fields = readFields(bytes)
    let survivors = message == .anyValue ? lastMember(fields) : lastOfEach(message, fields)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    for survivor in survivors {
      let field = survivor.field
      let rule = schema.rule(message, field.number)
      let isKnown = rule.kind != .unknown && field.type == rule.kind.wireType
      guard isKnown, field.type == .lengthDelimited else {
        output += bytes[field.start..<field.end]
        continue
      }
      var payload = survivor.parts.flatMap { bytes[$0] }
      switch rule.kind {
      case .string, .repeatedString: payload = repairedText(payload)
      case .message, .repeatedMessage: payload = rewrite(rule.message, payload)
      default: break
      }
      output.appendField(field.number, payload)
    }
    return output
  }

  /// The bytes as UTF-8, ill-formed parts replaced by U+FFFD.
  mutating func repairedText(_ bytes: [UInt8]) -> [UInt8] {
    let isValid = bytes.withUnsafeBufferPointer { run in
      run.baseAddress.map { UTF8Text.isValid($0, run.count) } ?? true
    }
    if isValid { return bytes }
    notes.invalidStrings += 1
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  /// A field that stays, and where its value stands: in several parts, to be joined, where a message was given as often.
  private struct Survivor {
    var field: WireField
    private(set) var parts: [Range<Int>]

    init(_ field: WireField) {
      self.field = field
      parts = [field.content]
    }

    mutating func merge(_ later: WireField) {
      field = later
      parts.append(later.content)
    }
  }

  /// All fields but groups.
  private mutating func readFields(_ bytes: [UInt8]) -> [WireField] {
    var fields: [WireField] = []
    var groups = 0
    bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      var cursor = WireCursor(base, 0..<run.count)
      while let field = cursor.nextChecked() {
        if field.type == .startGroup {
          groups += 1
          do { try cursor.skipGroup(field.number) } catch { return }
        } else if field.type != .endGroup {
          fields.append(field)
        }
      }
    }
    notes.groups += groups
    return fields
  }

  /// Singular fields: the last occurrence stays, at its own place; messages merge, which is to join their bytes.
  private mutating func lastOfEach(_ message: WireMessage, _ fields: [WireField]) -> [Survivor] {
    var survivors: [Survivor] = []
    var places: [UInt32: Int] = [:]
    for field in fields {
      let rule = schema.rule(message, field.number)
      let isSingular = rule.kind != .unknown && field.type == rule.kind.wireType && !rule.kind.isRepeated
      if isSingular, let earlier = places[field.number] {
        notes.repeatedFields += 1
        if rule.kind == .message { survivors[earlier].merge(field) } else { survivors[earlier] = Survivor(field) }
        survivors.append(survivors.remove(at: earlier))
        for (number, place) in places where place > earlier { places[number] = place - 1 }
      } else {
        survivors.append(Survivor(field))
      }
      if isSingular { places[field.number] = survivors.count - 1 }
    }
    return survivors
  }

  /// A oneof: the last member wins; the same message member twice in a row merges.
  private mutating func lastMember(_ fields: [WireField]) -> [Survivor] {
    var member: Survivor?
    var others: [Survivor] = []
    for field in fields {
      let rule = schema.rule(.anyValue, field.number)
      guard rule.kind != .unknown, field.type == rule.kind.wireType else {
        others.append(Survivor(field))
        continue
      }
      if member != nil { notes.oneofConflicts += 1 }
      if rule.kind == .message, member?.field.number == field.number {
        member?.merge(field)
      } else {
        member = Survivor(field)
      }
    }
    return (member.map { [$0] } ?? []) + others
  }
}

extension [UInt8] {
  package mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a length-delimited field.
  package mutating func appendField(_ number: UInt32, _ payload: some Collection<UInt8>) {
    appendVarint(UInt64(number) << 3 | UInt64(WireType.lengthDelimited.rawValue))
    appendVarint(UInt64(payload.count))
    append(contentsOf: payload)
  }
}
