internal import ProcessorHost

/// Every value of a span by the path at which it stands; members of lists and maps each by its own.
struct SpanTexts {
  private(set) var values: [String: String] = [:]

  init(_ span: PlainSpan) {
    add("name", span.name)
    add("kind", "\(span.kind)")
    add("trace_state", span.traceState)
    add("status.code", "\(span.statusCode)")
    add("status.message", span.statusMessage)
    add("flags", "\(span.flags)")
    add("start_time", "\(span.startTimeUnixNano)")
    add("end_time", "\(span.endTimeUnixNano)")
    add("attributes.", span.attributes)
    for (number, event) in span.events.enumerated() {
      add("events[\(number)].name", event.name)
      add("events[\(number)].attributes.", event.attributes)
    }
    for (number, link) in span.links.enumerated() {
      add("links[\(number)].trace_state", link.traceState)
      add("links[\(number)].attributes.", link.attributes)
    }
    add("resource.", span.resource)
    add("scope.name", span.scopeName)
    add("scope.version", span.scopeVersion)
    add("scope.attributes.", span.scopeAttributes)
  }

  /// A path without the numbers of events, links and elements, for what happens at many of them.
  static func place(_ path: String) -> String {
    var place = ""
    var isInside = false
    for character in path {
      if character == "[" { isInside = true }
      if character == "]" { isInside = false }
      if !isInside || !character.isNumber { place.append(character) }
    }
    return String.printable(place)
  }

  private mutating func add(_ path: String, _ text: String) {
    if text.isEmpty { return }
    var place = path
    var copies = 1
    // Two attributes of one key are two values.
    while values[place] != nil {
      copies += 1
      place = "\(path)#\(copies)"
    }
    values[place] = text
  }

  private mutating func add(_ path: String, _ entries: [AttributeValue.Entry]) {
    for entry in entries { add(path + entry.key, entry.value) }
  }

  private mutating func add(_ path: String, _ value: AttributeValue) {
    switch value {
    case .string(let text): add(path, text)
    case .array(let values): for (number, value) in values.enumerated() { add("\(path)[\(number)]", value) }
    case .map(let entries): add(path + ".", entries)
    case .bytes(let bytes): add(path, String(decoding: bytes, as: UTF8.self))
    case .bool, .int, .double, .empty: add(path, value.literal)
    }
  }
}
