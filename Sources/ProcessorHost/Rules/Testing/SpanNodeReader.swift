/// Reads `span { … }` as a test writes it.
struct SpanNodeReader {
  static let fields = [
    "name", "kind", "duration", "start_time", "end_time", "attributes", "events", "links", "status", "resource",
    "scope",
    "trace_state", "trace_id", "span_id", "parent_span_id", "flags",
  ]

  let source: RuleSource

  /// The span, with what the node does not name taken from `base`; and which fields it names.
  func span(_ node: LuaNode, over base: PlainSpan) throws(RuleError) -> (span: PlainSpan, fields: Set<String>) {
    guard node.arguments.count == 1, let table = node.arguments[0].table, table.elements.isEmpty else {
      throw error(node, "span takes its fields by name: span { name = \"GET /\", attributes = { … } }")
    }
    var span = base
    var duration: UInt64?
    for member in table.members {
      switch member.name {
      case "name": span.name = try text(member, node)
      case "kind":
        guard case .int(let kind) = member.value, kind >= 0 else {
          throw error(node, "kind is one of kind.internal, kind.server, kind.client, kind.producer, kind.consumer")
        }
        span.kind = UInt64(kind)
      case "start_time": span.startTimeUnixNano = UInt64(try whole(member, node))
      case "end_time": span.endTimeUnixNano = UInt64(try whole(member, node))
      case "duration": duration = UInt64(try seconds(member, node) * 1e9)
      case "attributes": span.attributes = try attributes(member.value, member.name, node)
      case "resource": span.resource = try attributes(member.value, member.name, node)
      case "events":
        span.events = try nodes(member, "event", node).map { (inner) throws(RuleError) in try event(inner) }
      case "links": span.links = try nodes(member, "link", node).map { (inner) throws(RuleError) in try link(inner) }
      case "status": try status(member, node, into: &span)
      case "scope": try scope(member, node, into: &span)
      case "trace_state": span.traceState = try text(member, node)
      case "trace_id":
        let digits = try hexadecimal(member, 32, node)
        span.traceID = TraceID(
          high: UInt64(digits.prefix(16), radix: 16) ?? 0, low: UInt64(digits.dropFirst(16), radix: 16) ?? 0)
      case "span_id": span.spanID = SpanID(UInt64(try hexadecimal(member, 16, node), radix: 16) ?? 0)
      case "parent_span_id": span.parentSpanID = SpanID(UInt64(try hexadecimal(member, 16, node), radix: 16) ?? 0)
      case "flags": span.flags = UInt32(clamping: try whole(member, node))
      default:
        throw error(
          node, "\(member.name) is not a field of a span" + Suggestion.hint(for: member.name, in: Self.fields))
      }
    }
    // Counted from the start, which the node may name as well.
    if let duration { span.endTimeUnixNano = span.startTimeUnixNano + duration }
    return (span, Set(table.members.map(\.name)))
  }

  private func event(_ node: LuaNode) throws(RuleError) -> SpanEvent {
    var event = SpanEvent()
    for member in node.arguments.first?.table?.members ?? [] {
      switch member.name {
      case "name": event.name = try text(member, node)
      case "time": event.timeUnixNano = UInt64(try whole(member, node))
      case "attributes": event.attributes = try attributes(member.value, member.name, node)
      default: throw error(node, "\(member.name) is not a field of an event; there are attributes, name, time")
      }
    }
    return event
  }

  private func link(_ node: LuaNode) throws(RuleError) -> SpanLink {
    let other = PlainSpan()
    var link = SpanLink(traceID: other.traceID, spanID: other.spanID)
    for member in node.arguments.first?.table?.members ?? [] {
      switch member.name {
      case "trace_state": link.traceState = try text(member, node)
      case "attributes": link.attributes = try attributes(member.value, member.name, node)
      default: throw error(node, "\(member.name) is not a field of a link; there are attributes, trace_state")
      }
    }
    return link
  }

  private func status(_ member: LuaTable.Member, _ node: LuaNode, into span: inout PlainSpan) throws(RuleError) {
    for part in try members(member, "status = { code = status.error }", node) {
      switch part.name {
      case "code": span.statusCode = UInt64(try whole(part, node))
      case "message": span.statusMessage = try text(part, node)
      default: throw error(node, "\(part.name) is not a field of a status; there are code, message")
      }
    }
  }

  private func scope(_ member: LuaTable.Member, _ node: LuaNode, into span: inout PlainSpan) throws(RuleError) {
    for part in try members(member, "scope = { name = \"app\" }", node) {
      switch part.name {
      case "name": span.scopeName = try text(part, node)
      case "version": span.scopeVersion = try text(part, node)
      case "attributes": span.scopeAttributes = try attributes(part.value, part.name, node)
      default: throw error(node, "\(part.name) is not a field of a scope; there are attributes, name, version")
      }
    }
  }

  private func members(
    _ member: LuaTable.Member, _ example: String, _ node: LuaNode
  ) throws(RuleError) -> [LuaTable.Member] {
    guard let table = member.value.table, table.elements.isEmpty else {
      throw error(node, "\(member.name) takes its fields by name: \(example)")
    }
    return table.members
  }

  private func attributes(
    _ value: LuaValue, _ name: String, _ node: LuaNode
  ) throws(RuleError) -> [AttributeValue.Entry] {
    guard case .map(let entries)? = AttributeValue(.node(mapNode(value, node))) else {
      throw error(node, "\(name) takes values by key: \(name) = { tenant_id = \"t-1\", tags = array { \"a\" } }")
    }
    return entries
  }

  private func mapNode(_ value: LuaValue, _ node: LuaNode) -> LuaNode {
    LuaNode(kind: "map", line: node.line, serial: 0, arguments: [value])
  }

  private func nodes(_ member: LuaTable.Member, _ kind: String, _ node: LuaNode) throws(RuleError) -> [LuaNode] {
    let elements = member.value.table?.elements ?? []
    let found = elements.compactMap(\.node).filter { $0.kind == kind }
    guard member.value.table != nil, found.count == elements.count else {
      throw error(node, "\(member.name) takes a list: \(member.name) = { \(kind) { … } }")
    }
    return found
  }

  private func text(_ member: LuaTable.Member, _ node: LuaNode) throws(RuleError) -> String {
    guard let text = member.value.text else { throw error(node, "\(member.name) is a string") }
    return text
  }

  private func whole(_ member: LuaTable.Member, _ node: LuaNode) throws(RuleError) -> Int64 {
    guard case .int(let number) = member.value, number >= 0 else {
      throw error(node, "\(member.name) is a whole number from 0")
    }
    return number
  }

  private func seconds(_ member: LuaTable.Member, _ node: LuaNode) throws(RuleError) -> Double {
    let seconds: Double?
    if let inner = member.value.node, inner.kind == "duration" {
      seconds = inner.arguments.first?.text.flatMap(SettingsReader.seconds)
    } else {
      seconds = member.value.number
    }
    guard let seconds, seconds >= 0, seconds < 1e9 else {
      throw error(node, "duration is written duration \"61s\", or as a number of seconds, and is below 1e9 seconds")
    }
    return seconds
  }

  private func hexadecimal(_ member: LuaTable.Member, _ digits: Int, _ node: LuaNode) throws(RuleError) -> String {
    guard let text = member.value.text, text.count == digits, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw error(node, "\(member.name) has \(digits) hexadecimal digits")
    }
    return text
  }

  private func error(_ node: LuaNode, _ message: String) -> RuleError { source.error(node.line, message) }
}

extension PlainSpan {
  /// What a test's span is where the test does not say.
  static var given: PlainSpan {
    var span = PlainSpan()
    span.name = "span"
    span.startTimeUnixNano = 1_700_000_000_000_000_000
    span.endTimeUnixNano = 1_700_000_001_000_000_000
    return span
  }
}
