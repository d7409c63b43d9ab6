internal import ProcessorHost

/// Every value of a span by the path at which it stands; members of lists and maps each by its own.
struct SpanTexts {
  /// A place in a span.
  private struct Path {
    var text: String
    /// The same for a report: without what is hidden in keys, and without the numbers of events, links and elements, for
    /// what happens at many of them.
    var shown: String

    init(_ text: String) {
      self.text = text
      shown = text
    }

    func member(_ text: String, shown: String) -> Self {
      var path = self
      path.text += text
      path.shown += shown
      return path
    }
  }

  private(set) var values: [String: String] = [:]
  /// How a report names each path.
  private(set) var shown: [String: String] = [:]
  /// How many values there are of each path that has several.
  private var copies: [String: Int] = [:]
  private let hide: (String) -> String

  /// - Parameter hide: what may be said of a key. A key is looked at alone, as the host does: with other text before it,
  ///   much is no longer found.
  init(_ span: PlainSpan, hide: @escaping (String) -> String) {
    self.hide = hide
    add(Path("name"), span.name)
    add(Path("kind"), "\(span.kind)")
    add(Path("trace_state"), span.traceState)
    add(Path("status.code"), "\(span.statusCode)")
    add(Path("status.message"), span.statusMessage)
    add(Path("flags"), "\(span.flags)")
    add(Path("start_time"), "\(span.startTimeUnixNano)")
    add(Path("end_time"), "\(span.endTimeUnixNano)")
    add(Path("attributes."), span.attributes)
    for (number, event) in span.events.enumerated() {
      let path = Path("events").member("[\(number)]", shown: "[]")
      add(path.member(".name", shown: ".name"), event.name)
      add(path.member(".attributes.", shown: ".attributes."), event.attributes)
    }
    for (number, link) in span.links.enumerated() {
      let path = Path("links").member("[\(number)]", shown: "[]")
      add(path.member(".trace_state", shown: ".trace_state"), link.traceState)
      add(path.member(".attributes.", shown: ".attributes."), link.attributes)
    }
    add(Path("resource."), span.resource)
    add(Path("scope.name"), span.scopeName)
    add(Path("scope.version"), span.scopeVersion)
    add(Path("scope.attributes."), span.scopeAttributes)
  }

  private mutating func add(_ path: Path, _ text: String) {
    if text.isEmpty { return }
    var place = path.text
    // Two attributes of one key are two values.
    while values[place] != nil {
      copies[path.text, default: 1] += 1
      place = "\(path.text)#\(copies[path.text] ?? 1)"
    }
    values[place] = text
    shown[place] = path.shown
  }

  private mutating func add(_ path: Path, _ entries: [AttributeValue.Entry]) {
    for entry in entries { add(path.member(entry.key, shown: .printable(hide(entry.key))), entry.value) }
  }

  private mutating func add(_ path: Path, _ value: AttributeValue) {
    switch value {
    case .string(let text): add(path, text)
    case .array(let values):
      for (number, value) in values.enumerated() { add(path.member("[\(number)]", shown: "[]"), value) }
    case .map(let entries): add(path.member(".", shown: "."), entries)
    case .bytes(let bytes): add(path, String(decoding: bytes, as: UTF8.self))
    case .bool, .int, .double, .empty: add(path, value.literal)
    }
  }
}
