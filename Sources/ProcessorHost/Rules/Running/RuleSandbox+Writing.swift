internal import CRuleSandbox

// What hooks write, and the verbs. Each access is checked against the rule's powers.
extension RuleSandbox {
  func setField(_ field: rule_field, _ value: rule_value) -> rule_answer {
    guard let span else { return refuse(Self.noSpan) }
    let path = SpanField(rawValue: field.rawValue)?.path ?? "this field"
    guard [RULE_FIELD_NAME, RULE_FIELD_STATUS_CODE, RULE_FIELD_STATUS_MESSAGE].contains(field) else {
      return refuse("\(path) cannot be written")
    }
    guard access.powers.rewriteFields & (1 << field.rawValue) != 0 else {
      return refuse("the rule may not write \(path); add it to can.rewrite if it should")
    }
    if field == RULE_FIELD_STATUS_CODE {
      guard value.type == RULE_INTEGER, (0...2).contains(value.integer) else {
        return refuse("status.code is status.unset, status.ok or status.error")
      }
      span.setStatus(code: UInt64(value.integer), message: Array(span.status.message))
      return RULE_OK
    }
    guard value.type == RULE_TEXT else { return refuse("\(path) is a string") }
    guard let text = checkedText(value) else { return refuse(Self.tooLong) }
    if field == RULE_FIELD_NAME {
      span.setText(FieldNumber.Span.name, text)
    } else {
      span.setStatus(code: span.status.code, message: text)
    }
    return RULE_OK
  }

  func setAttribute(_ key: UnsafeBufferPointer<UInt8>, _ value: inout rule_value) -> rule_answer {
    guard let span, let keyStart = key.baseAddress else { return refuse(Self.noSpan) }
    let name = String(decoding: key, as: UTF8.self)
    guard key.count <= SpanAccess.maximumKey, String(validating: key, as: UTF8.self) != nil else {
      return refuse("an attribute key is UTF-8 of at most \(SpanAccess.maximumKey) bytes")
    }
    value.cost = SpanAccess.searchCost(span)
    let mayRewrite = access.powers.rewriteAttributes.allows(key)
    let settable = access.powers.set[name]
    guard mayRewrite || settable != nil else {
      return refuse("the rule may not set attributes.\(shown(key)); add it to can.set with its type if it should")
    }
    if value.type == RULE_NIL {
      span.removeAttributes(keyStart, key.count)
      return RULE_OK
    }
    guard span.slots.count < SpanAccess.maximumFields else {
      return refuse("the span has \(SpanAccess.maximumFields) fields or more, the most that a rule may make of it")
    }
    lent.truncate(to: 0)
    if let settable, encode(value, as: settable) {
    } else if mayRewrite {
      if let problem = encodeAnything(value) { return refuse("attributes.\(shown(key)): \(problem)") }
    } else {
      return refuse("attributes.\(shown(key)) takes \(settable.map(Self.sentence) ?? "nothing"), as can.set says")
    }
    span.setAttribute(keyStart, key.count, UnsafePointer(lent.base), lent.count)
    return RULE_OK
  }

  func apply(_ verb: rule_verb, _ amount: Double, _ reason: UnsafeBufferPointer<UInt8>) -> rule_answer {
    guard let span else { return refuse(Self.noSpan) }
    guard let name = declared(verb, reason) else { return refuseReason(verb, "spans") }
    switch verb {
    case RULE_VERB_KEEP: span.verdict.keep(name)
    case RULE_VERB_SAMPLE: span.verdict.sample(amount, name)
    case RULE_VERB_DROP: span.verdict.drop(name)
    default:
      // A span that is already kept or dropped takes no room.
      if span.verdict.keepReason == nil, span.verdict.dropReason == nil {
        span.verdict.rateLimit(hasRoom: access.rateLimit?(name.name, amount) ?? true, name)
      }
    }
    return RULE_OK
  }

  /// The reason as the rule declares it; nil where it declares none of this name.
  func declared(_ verb: rule_verb, _ reason: UnsafeBufferPointer<UInt8>) -> SpanReason? {
    let declared = verb == RULE_VERB_DROP ? access.dropReasons : access.sampleReasons
    return declared.first { WireBytes.equal($0.text, reason) }?.reason
  }

  func refuseReason(_ verb: rule_verb, _ what: String) -> rule_answer {
    let declared = verb == RULE_VERB_DROP ? access.dropReasons : access.sampleReasons
    let power = verb == RULE_VERB_DROP ? "drop" : "sample"
    return refuse(
      declared.isEmpty
        ? "the rule may not \(power) \(what); declare the reason under can.\(power)"
        : "the reason is not one of can.\(power): \(declared.map(\.reason.name).joined(separator: ", "))")
  }

  func hide(_ serial: UInt32) -> rule_answer {
    guard let span else { return refuse(Self.noSpan) }
    guard access.mayHideConditionally else {
      return refuse(
        "a rule that calls span:hide needs on_failure = \"strip\" or \"drop\", since a failure would reveal")
    }
    guard let bit = access.conditionalSteps[serial] else {
      return refuse("span:hide takes a step that the file keeps in a local of its own: local cards = match.names { … }")
    }
    span.requestedSteps |= bit
    return RULE_OK
  }

  static let tooLong = "a text that a rule writes is UTF-8 of at most \(SpanAccess.maximumValue) bytes"

  /// A text that may be written, or nil.
  private func checkedText(_ value: rule_value) -> [UInt8]? {
    guard value.length <= SpanAccess.maximumValue else { return nil }
    let bytes = UnsafeBufferPointer(start: value.bytes, count: value.length)
    return String(validating: bytes, as: UTF8.self) == nil ? nil : Array(bytes)
  }

  /// Encodes a value of the declared type; false where it is of another.
  func encode(_ value: rule_value, as type: Powers.Settable) -> Bool {
    switch (type, value.type) {
    case (.boolean, RULE_BOOLEAN):
      AttributeValue.bool(value.integer != 0).encode(into: lent)
    case (.integer, RULE_INTEGER):
      AttributeValue.int(value.integer).encode(into: lent)
    case (.integer, RULE_NUMBER):
      guard let whole = Int64(exactly: value.number) else { return false }
      AttributeValue.int(whole).encode(into: lent)
    case (.number, RULE_NUMBER):
      AttributeValue.double(value.number).encode(into: lent)
    case (.number, RULE_INTEGER):
      AttributeValue.double(Double(value.integer)).encode(into: lent)
    case (.choice(let allowed), RULE_TEXT):
      let bytes = UnsafeBufferPointer(start: value.bytes, count: value.length)
      guard let text = allowed.first(where: { $0.utf8.elementsEqual(bytes) }) else { return false }
      AttributeValue.string(text).encode(into: lent)
    default: return false
    }
    return true
  }

  /// Encodes any value, which only the power to rewrite allows; says what is wrong with it where it cannot be.
  private func encodeAnything(_ value: rule_value) -> String? {
    switch value.type {
    case RULE_BOOLEAN: AttributeValue.bool(value.integer != 0).encode(into: lent)
    case RULE_INTEGER: AttributeValue.int(value.integer).encode(into: lent)
    case RULE_NUMBER: AttributeValue.double(value.number).encode(into: lent)
    case RULE_TEXT:
      guard let text = checkedText(value) else { return Self.tooLong }
      AttributeValue.string(String(decoding: text, as: UTF8.self)).encode(into: lent)
    default:
      guard let value = AttributeValue(builder.result) else {
        return "a value is a boolean, a number, a UTF-8 string, or a table of them that is a list or has only names"
      }
      value.encode(into: lent)
    }
    return lent.count <= SpanAccess.maximumValue ? nil : Self.tooLong
  }

  static func sentence(_ type: Powers.Settable) -> String {
    switch type {
    case .boolean: "a boolean"
    case .integer: "a whole number"
    case .number: "a number"
    case .choice(let allowed): "one of \(allowed.joined(separator: ", "))"
    case .spanName: "a span of a trace, whose name it gets, in on_trace and on one span"
    }
  }
}

extension AttributeValue {
  /// The value that a Lua value stands for: tables with elements are arrays, others maps; `array { }` and `map { }`
  /// say which where it cannot be seen. Nil for what has no place in a span.
  init?(_ value: LuaValue) {
    switch value {
    case .bool(let flag): self = .bool(flag)
    case .int(let number): self = .int(number)
    case .double(let number): self = .double(number)
    case .text(let text): self = .string(text)
    case .table(let table): self.init(table, isArray: table.members.isEmpty && !table.elements.isEmpty)
    case .node(let node):
      switch (node.kind, node.arguments.first) {
      case ("array", .table(let table)): self.init(table, isArray: true)
      case ("map", .table(let table)): self.init(table, isArray: false)
      case ("bytes", .text(let text)): self = .bytes(Array(text.utf8))
      default: return nil
      }
    case .none, .function, .other: return nil
    }
  }

  private init?(_ table: LuaTable, isArray: Bool) {
    guard table.oddKey == nil, isArray ? table.members.isEmpty : table.elements.isEmpty else { return nil }
    if isArray {
      let values = table.elements.compactMap { AttributeValue($0) }
      guard values.count == table.elements.count else { return nil }
      self = .array(values)
    } else {
      let entries = table.members.compactMap { member in
        AttributeValue(member.value).map { Entry(member.name, $0) }
      }
      guard entries.count == table.members.count else { return nil }
      self = .map(entries)
    }
  }
}
