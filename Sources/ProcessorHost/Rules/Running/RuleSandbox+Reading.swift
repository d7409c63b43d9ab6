internal import CRuleSandbox

// What hooks read. Each access is checked against the rule's powers.
extension RuleSandbox {
  func getField(_ field: rule_field, _ out: inout rule_value) -> rule_answer {
    guard let span else { return refuse(Self.noSpan) }
    guard access.powers.fields & (1 << field.rawValue) != 0 else { return refuseReading(path(field)) }
    out.cost = SpanAccess.searchCost(span)
    switch field {
    case RULE_FIELD_NAME: return give(span.text(FieldNumber.Span.name), &out)
    case RULE_FIELD_KIND: return give(integer: Int64(bitPattern: span.kind), &out)
    case RULE_FIELD_DURATION:
      out.type = RULE_NUMBER
      out.number = Double(duration(span)) / 1e9
    case RULE_FIELD_DURATION_MS: return give(integer: Int64(duration(span) / 1_000_000), &out)
    case RULE_FIELD_START_TIME: return give(integer: Int64(bitPattern: span.startTime), &out)
    case RULE_FIELD_END_TIME: return give(integer: Int64(bitPattern: span.endTime), &out)
    case RULE_FIELD_TRACE_ID: return give(hexadecimal: span.text(FieldNumber.Span.traceID), &out)
    case RULE_FIELD_SPAN_ID: return give(hexadecimal: span.text(FieldNumber.Span.spanID), &out)
    case RULE_FIELD_PARENT_SPAN_ID:
      let id = span.text(FieldNumber.Span.parentSpanID)
      return id.allSatisfy { $0 == 0 } ? RULE_ABSENT : give(hexadecimal: id, &out)
    case RULE_FIELD_TRACE_STATE: return give(span.text(FieldNumber.Span.traceState), &out)
    case RULE_FIELD_FLAGS: return give(integer: Int64(span.flags), &out)
    case RULE_FIELD_DROPPED_ATTRIBUTES_COUNT:
      return give(integer: Int64(span.number(FieldNumber.Span.droppedAttributesCount)), &out)
    case RULE_FIELD_DROPPED_EVENTS_COUNT:
      return give(integer: Int64(span.number(FieldNumber.Span.droppedEventsCount)), &out)
    case RULE_FIELD_DROPPED_LINKS_COUNT:
      return give(integer: Int64(span.number(FieldNumber.Span.droppedLinksCount)), &out)
    case RULE_FIELD_STATUS_CODE: return give(integer: Int64(bitPattern: span.status.code), &out)
    case RULE_FIELD_STATUS_MESSAGE: return give(span.status.message, &out)
    default: return give(containerText(field, span, &out.cost), &out)
    }
    return RULE_OK
  }

  func getAttribute(
    _ owner: rule_owner, _ index: Int, _ key: UnsafeBufferPointer<UInt8>, _ out: inout rule_value
  ) -> rule_answer {
    guard let span, let keyStart = key.baseAddress else { return refuse(Self.noSpan) }
    guard mayRead(owner, key) else { return refuseReading(Self.path(owner) + shown(key)) }
    if owner == RULE_OWNER_SPAN {
      out.cost = SpanAccess.searchCost(span)
      guard let found = span.attribute(keyStart, key.count) else { return RULE_ABSENT }
      let slot = span.slots[found]
      return give(anyValue: span.bytes(of: slot), slot.value, &out)
    }
    out.cost = SpanAccess.searchCost(span)
    guard var list = attributeList(owner, index, span) else { return RULE_ABSENT }
    while let entry = list.next() {
      out.cost += 1
      let parts = KeyValueParts(list.base, entry)
      guard parts.key.count == key.count,
        WireBytes.equal(list.base + parts.key.lowerBound, keyStart, key.count)
      else { continue }
      return give(anyValue: list.base, parts.value, &out)
    }
    return RULE_ABSENT
  }

  /// The next attribute that the rule may read; others are passed over.
  func nextAttribute(
    _ owner: rule_owner, _ index: Int, _ position: inout UInt32, _ key: inout rule_value, _ value: inout rule_value
  ) -> rule_answer {
    guard let span else { return refuse(Self.noSpan) }
    if owner == RULE_OWNER_SPAN {
      while Int(position) < span.slots.count {
        let slot = span.slots[Int(position)]
        position += 1
        key.cost += 1
        guard slot.isAttribute else { continue }
        let bytes = span.bytes(of: slot)
        if let answer = giveEntry(owner, bytes, slot.key, slot.value, &key, &value) { return answer }
      }
      return RULE_ABSENT
    }
    key.cost = SpanAccess.searchCost(span)
    guard var list = attributeList(owner, index, span) else { return RULE_ABSENT }
    var place: UInt32 = 0
    while let entry = list.next() {
      key.cost += 1
      place += 1
      if place <= position { continue }
      let parts = KeyValueParts(list.base, entry)
      if let answer = giveEntry(owner, list.base, parts.key, parts.value, &key, &value) {
        position = place
        return answer
      }
    }
    return RULE_ABSENT
  }

  func count(_ owner: rule_owner, _ out: inout rule_value) -> rule_answer {
    guard let span else { return refuse(Self.noSpan) }
    guard mayReadParts(owner) else { return refuseReading(owner == RULE_OWNER_EVENT ? "events" : "links") }
    out.cost = SpanAccess.searchCost(span)
    return give(integer: Int64(span.elementCount(Self.number(owner))), &out)
  }

  func getPart(_ owner: rule_owner, _ index: Int, _ field: rule_part_field, _ out: inout rule_value) -> rule_answer {
    guard let span else { return refuse(Self.noSpan) }
    guard mayReadParts(owner) else { return refuseReading(owner == RULE_OWNER_EVENT ? "events" : "links") }
    out.cost = SpanAccess.searchCost(span)
    guard let slot = span.element(Self.number(owner), index) else { return RULE_ABSENT }
    let bytes = span.bytes(of: slot)
    var cursor = WireCursor(bytes, slot.content)
    let wanted = Self.number(owner, field)
    var found: WireField?
    while let next = cursor.nextChecked() {
      out.cost += 1
      if next.number == wanted { found = next }
    }
    switch field {
    case RULE_PART_TIME, RULE_PART_FLAGS, RULE_PART_DROPPED_ATTRIBUTES_COUNT:
      return give(integer: Int64(bitPattern: found?.value ?? 0), &out)
    default:
      let text = found.map { UnsafeBufferPointer(start: bytes + $0.payload, count: $0.end - $0.payload) }
      let content = text ?? UnsafeBufferPointer(start: nil, count: 0)
      let isID = field == RULE_PART_TRACE_ID || field == RULE_PART_SPAN_ID
      return isID ? give(hexadecimal: content, &out) : give(content, &out)
    }
  }

  // MARK: Powers

  private func mayReadParts(_ owner: rule_owner) -> Bool {
    owner == RULE_OWNER_EVENT ? access.powers.events : access.powers.links
  }

  private func mayRead(_ owner: rule_owner, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
    switch owner {
    case RULE_OWNER_SPAN: access.powers.attributes.allows(key)
    case RULE_OWNER_RESOURCE: access.powers.resource.allows(key)
    case RULE_OWNER_SCOPE: access.powers.scope.allows(key)
    default: mayReadParts(owner)
    }
  }

  func refuseReading(_ path: String) -> rule_answer {
    refuse("the rule may not read \(path); add it to can.read if it should")
  }

  static let noSpan = "there is no span here; a span can only be used inside a hook"

  private static func path(_ owner: rule_owner) -> String {
    switch owner {
    case RULE_OWNER_SPAN: "attributes."
    case RULE_OWNER_RESOURCE: "resource."
    case RULE_OWNER_SCOPE: "scope.attributes."
    case RULE_OWNER_EVENT: "events: "
    default: "links: "
    }
  }

  private func path(_ field: rule_field) -> String { SpanField(rawValue: field.rawValue)?.path ?? "this field" }

  // MARK: Where things stand

  private func duration(_ span: SpanWorkspace) -> UInt64 {
    span.endTime > span.startTime ? span.endTime - span.startTime : 0
  }

  /// A text of the scope, or of the containers. Counts the fields that looking for it passes.
  private func containerText(
    _ field: rule_field, _ span: SpanWorkspace, _ cost: inout Int64
  ) -> UnsafeBufferPointer<UInt8> {
    let places: [Range<Int>?] =
      switch field {
      case RULE_FIELD_SCHEMA_URL: [span.scopeTrailer, span.scopeHeader]
      case RULE_FIELD_RESOURCE_SCHEMA_URL: [span.resourceTrailer, span.resourceHeader]
      default: [span.scope]
      }
    let number =
      switch field {
      case RULE_FIELD_SCHEMA_URL: FieldNumber.ScopeSpans.schemaURL
      case RULE_FIELD_RESOURCE_SCHEMA_URL: FieldNumber.ResourceSpans.schemaURL
      case RULE_FIELD_SCOPE_NAME: FieldNumber.Scope.name
      default: FieldNumber.Scope.version
      }
    for case let place? in places {
      var cursor = WireCursor(span.base, place)
      while let found = cursor.nextChecked() {
        cost += 1
        guard found.number == number, found.isLengthDelimited else { continue }
        return UnsafeBufferPointer(start: span.base + found.payload, count: found.content.count)
      }
    }
    return UnsafeBufferPointer(start: nil, count: 0)
  }

  private static func number(_ owner: rule_owner) -> UInt32 {
    owner == RULE_OWNER_EVENT ? FieldNumber.Span.events : FieldNumber.Span.links
  }

  private static func number(_ owner: rule_owner, _ field: rule_part_field) -> UInt32 {
    switch field {
    case RULE_PART_NAME: FieldNumber.Event.name
    case RULE_PART_TIME: FieldNumber.Event.time
    case RULE_PART_TRACE_ID: FieldNumber.Link.traceID
    case RULE_PART_SPAN_ID: FieldNumber.Link.spanID
    case RULE_PART_TRACE_STATE: FieldNumber.Link.traceState
    case RULE_PART_FLAGS: FieldNumber.Link.flags
    default:
      owner == RULE_OWNER_EVENT ? FieldNumber.Event.droppedAttributesCount : FieldNumber.Link.droppedAttributesCount
    }
  }

  private func attributeList(_ owner: rule_owner, _ index: Int, _ span: SpanWorkspace) -> AttributeList? {
    switch owner {
    case RULE_OWNER_RESOURCE:
      return span.resource.map {
        AttributeList(base: span.base, number: FieldNumber.Resource.attributes, content: $0)
      }
    case RULE_OWNER_SCOPE:
      return span.scope.map {
        AttributeList(base: span.base, number: FieldNumber.Scope.attributes, content: $0)
      }
    default:
      guard let slot = span.element(Self.number(owner), index) else { return nil }
      let number = owner == RULE_OWNER_EVENT ? FieldNumber.Event.attributes : FieldNumber.Link.attributes
      return AttributeList(base: span.bytes(of: slot), number: number, content: slot.content)
    }
  }

  // MARK: Answers

  func give(_ text: UnsafeBufferPointer<UInt8>, _ out: inout rule_value) -> rule_answer {
    out.type = RULE_TEXT
    out.bytes = text.baseAddress
    out.length = text.count
    return RULE_OK
  }

  func give(integer: Int64, _ out: inout rule_value) -> rule_answer {
    out.type = RULE_INTEGER
    out.integer = integer
    return RULE_OK
  }

  func give(hexadecimal bytes: UnsafeBufferPointer<UInt8>, _ out: inout rule_value) -> rule_answer {
    let digits = Array("0123456789abcdef".utf8)
    lend(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, &out)
    return RULE_OK
  }

  private func give(
    anyValue base: UnsafePointer<UInt8>, _ range: Range<Int>, _ out: inout rule_value
  ) -> rule_answer {
    out.type = RULE_ANY_VALUE
    out.bytes = base + range.lowerBound
    out.length = range.count
    return RULE_OK
  }

  private func giveEntry(
    _ owner: rule_owner, _ base: UnsafePointer<UInt8>, _ keyRange: Range<Int>, _ valueRange: Range<Int>,
    _ key: inout rule_value, _ value: inout rule_value
  ) -> rule_answer? {
    let text = UnsafeBufferPointer(start: base + keyRange.lowerBound, count: keyRange.count)
    guard mayRead(owner, text) else { return nil }
    _ = give(text, &key)
    return give(anyValue: base, valueRange, &value)
  }
}

/// Walks the attributes inside a message.
private struct AttributeList {
  let base: UnsafePointer<UInt8>
  private let number: UInt32
  private var cursor: WireCursor

  init(base: UnsafePointer<UInt8>, number: UInt32, content: Range<Int>) {
    self.base = base
    self.number = number
    cursor = WireCursor(base, content)
  }

  /// Where the next `KeyValue` stands.
  mutating func next() -> Range<Int>? {
    while let field = cursor.nextChecked() {
      if field.number == number, field.isLengthDelimited { return field.content }
    }
    return nil
  }
}

extension SpanWorkspace {
  func elementCount(_ number: UInt32) -> Int {
    slots.count { $0.number == number && $0.isLengthDelimited && !$0.isRemoved }
  }

  /// The slot of the event or link at a place, from 0.
  func element(_ number: UInt32, _ place: Int) -> SpanSlot? {
    var seen = 0
    for slot in slots where slot.number == number && slot.isLengthDelimited && !slot.isRemoved {
      if seen == place { return slot }
      seen += 1
    }
    return nil
  }
}
