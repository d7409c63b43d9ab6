extension PlainSpan {
  /// One fact of a span as a person reads it: `attributes.tenant_id` and `"t-1"`.
  package struct Line: Sendable, Hashable {
    package var path: String
    package var value: String

    package init(_ path: String, _ value: String) {
      self.path = path
      self.value = value
    }
  }

  /// Everything that the span says, a line each, with the attributes in alphabetical order.
  package var lines: [Line] {
    var lines = [
      Line("name", AttributeValue.string(name).literal),
      Line("kind", (SpanKind(rawValue: Int(truncatingIfNeeded: kind)).map { "\($0)" }) ?? "\(kind)"),
      Line("trace_id", traceID.description), Line("span_id", spanID.description),
      Line("start_time", "\(startTimeUnixNano)"), Line("end_time", "\(endTimeUnixNano)"),
    ]
    if let parentSpanID { lines.append(Line("parent_span_id", parentSpanID.description)) }
    if !traceState.isEmpty { lines.append(Line("trace_state", AttributeValue.string(traceState).literal)) }
    if flags != 0 { lines.append(Line("flags", "\(flags)")) }
    if statusCode != 0 {
      let code = StatusCode(rawValue: Int(truncatingIfNeeded: statusCode)).map { "\($0)" }
      lines.append(Line("status.code", code ?? "\(statusCode)"))
    }
    if !statusMessage.isEmpty { lines.append(Line("status.message", AttributeValue.string(statusMessage).literal)) }
    lines += Self.lines("attributes.", attributes)
    for (index, event) in events.enumerated() {
      let place = "events[\(index + 1)]."
      lines.append(Line(place + "name", AttributeValue.string(event.name).literal))
      if event.timeUnixNano != 0 { lines.append(Line(place + "time", "\(event.timeUnixNano)")) }
      lines += Self.lines(place + "attributes.", event.attributes)
    }
    for (index, link) in links.enumerated() {
      let place = "links[\(index + 1)]."
      lines += [
        Line(place + "trace_id", link.traceID.description), Line(place + "span_id", link.spanID.description),
      ]
      if !link.traceState.isEmpty {
        lines.append(Line(place + "trace_state", AttributeValue.string(link.traceState).literal))
      }
      lines += Self.lines(place + "attributes.", link.attributes)
    }
    lines += Self.lines("resource.", resource)
    if !scopeName.isEmpty { lines.append(Line("scope.name", AttributeValue.string(scopeName).literal)) }
    if !scopeVersion.isEmpty { lines.append(Line("scope.version", AttributeValue.string(scopeVersion).literal)) }
    return lines + Self.lines("scope.attributes.", scopeAttributes)
  }

  private static func lines(_ place: String, _ entries: [AttributeValue.Entry]) -> [Line] {
    entries.map { Line(place + $0.key, $0.value.literal) }.sorted { ($0.path, $0.value) < ($1.path, $1.value) }
  }
}

extension AttributeValue {
  /// The value as it would be written in a rule test; control characters are escaped.
  package var literal: String {
    switch self {
    case .string(let text): return "\"" + Self.escaped(text) + "\""
    case .bool(let flag): return "\(flag)"
    case .int(let number): return "\(number)"
    case .double(let number): return "\(number)"
    case .array(let values): return "array { " + values.map(\.literal).joined(separator: ", ") + " }"
    case .map(let entries):
      let members = entries.map { "[\"\(Self.escaped($0.key))\"] = \($0.value.literal)" }
      return "map { " + members.sorted().joined(separator: ", ") + " }"
    case .bytes(let bytes):
      return "bytes of \(bytes.count): " + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    case .empty: return "nil"
    }
  }

  /// Text without quotes of its own, line ends or anything a terminal would obey.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default: result += String.printable(scalar)
      }
    }
    return result
  }
}

extension String {
  /// Text without anything that a terminal would obey: control and format characters become `\u{…}`.
  package static func printable(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += $1 == "\t" ? " " : printable($1) }
  }

  fileprivate static func printable(_ scalar: Unicode.Scalar) -> String {
    let category = scalar.properties.generalCategory
    let isUnseen =
      category == .control || category == .format || category == .lineSeparator
      || category == .paragraphSeparator
    return isUnseen ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }
}
