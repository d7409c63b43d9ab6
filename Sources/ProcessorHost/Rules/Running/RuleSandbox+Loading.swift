internal import CRuleSandbox

extension RuleSandbox {
  /// One event of a walk over a Lua value.
  func walked(_ event: rule_event, _ value: rule_value) {
    switch event {
    case RULE_EVENT_START: builder.reset()
    case RULE_EVENT_TABLE: builder.beginTable()
    case RULE_EVENT_NODE:
      builder.beginNode(kind: text(value), line: Int(value.integer), serial: UInt32(value.number))
    case RULE_EVENT_END: builder.end()
    case RULE_EVENT_FUNCTION: builder.add(.function(Int32(truncatingIfNeeded: value.integer)))
    case RULE_EVENT_OTHER: builder.add(.other(text(value)))
    default: builder.add(luaValue(value))
    }
  }

  private func luaValue(_ value: rule_value) -> LuaValue {
    switch value.type {
    case RULE_BOOLEAN: return .bool(value.integer != 0)
    case RULE_INTEGER: return .int(value.integer)
    case RULE_NUMBER: return .double(value.number)
    case RULE_TEXT:
      // Behind the door every string is UTF-8; one that is not would match nothing.
      let bytes = UnsafeBufferPointer(start: value.bytes, count: value.length)
      return String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .other("string that is not UTF-8")
    default: return .none
    }
  }

  private func text(_ value: rule_value) -> String {
    String(decoding: UnsafeBufferPointer(start: value.bytes, count: value.length), as: UTF8.self)
  }

  func getSetting(_ name: String, _ out: inout rule_value) -> rule_answer {
    guard let setting = settings.first(where: { $0.name == name }) else { return RULE_ABSENT }
    switch setting.value {
    case .number(let number):
      out.type = RULE_NUMBER
      out.number = number
    case .count(let count):
      out.type = RULE_INTEGER
      out.integer = count
    case .flag(let flag):
      out.type = RULE_BOOLEAN
      out.integer = flag ? 1 : 0
    case .choice(let text):
      listItems = [Array(text.utf8)]
      return getListItem(0, &out)
    }
    return RULE_OK
  }

  func getListItem(_ index: Int, _ out: inout rule_value) -> rule_answer {
    guard listItems.indices.contains(index) else { return RULE_ABSENT }
    lend(listItems[index], &out)
    return RULE_OK
  }

  /// Gives C a text that stands nowhere else; it is read before the next one is lent.
  func lend(_ text: some Collection<UInt8>, _ out: inout rule_value) {
    lent.truncate(to: 0)
    lent.append(text)
    out.type = RULE_TEXT
    out.bytes = UnsafePointer(lent.base)
    out.length = lent.count
  }
}
