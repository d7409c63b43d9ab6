/// Writes the requests of the leak battery: one `ResourceSpans` for each planted secret.
struct LeakRequest {
  /// The key of a value that is not hidden by its key, unless a policy hides all.
  static let harmlessKey = "leak.battery"

  private let buffer = WireBuffer(capacity: 16 * 1024)

  var bytes: [UInt8] { Array(buffer.bytes) }

  /// Adds a span with a text at a surface, under a key where the surface has keys.
  func add(_ text: String, under key: String = Self.harmlessKey, on surface: LeakSurface) {
    buffer.appendMessage(1) {
      buffer.appendMessage(FieldNumber.ResourceSpans.resource) {
        if surface == .resource { attribute(1, key, text) }
      }
      buffer.appendMessage(FieldNumber.ResourceSpans.scopeSpans) {
        buffer.appendMessage(FieldNumber.ScopeSpans.scope) {
          if surface == .scopeName { string(FieldNumber.Scope.name, text) }
          if surface == .scopeVersion { string(FieldNumber.Scope.version, text) }
          if surface == .scopeAttribute { attribute(FieldNumber.Scope.attributes, key, text) }
        }
        buffer.appendMessage(FieldNumber.ScopeSpans.spans) { span(text, key, surface) }
        if surface == .scopeSchema { string(FieldNumber.ScopeSpans.schemaURL, text) }
      }
      if surface == .resourceSchema { string(FieldNumber.ResourceSpans.schemaURL, text) }
    }
  }

  private func span(_ text: String, _ key: String, _ surface: LeakSurface) {
    identifiers(FieldNumber.Span.traceID, FieldNumber.Span.spanID)
    if surface == .traceState { string(FieldNumber.Span.traceState, "\(key)=\(text)") }
    if surface == .samplingMember {
      // What is hidden for itself has the same before it as in other members.
      let field = key == Self.harmlessKey ? "x:\(key)=\(text)" : "\(key):\(text)"
      string(FieldNumber.Span.traceState, "ot=th:c;\(field)")
    }
    string(FieldNumber.Span.name, surface == .name ? text : "leak battery")
    let number = FieldNumber.Span.attributes
    switch surface {
    case .attribute: attribute(number, key, text)
    case .attributeKey: attribute(number, text, "1")
    case .array: attribute(number, Self.harmlessKey) { array(key, text) }
    case .map: attribute(number, Self.harmlessKey) { map { attribute(1, key, text) } }
    case .mapKey: attribute(number, Self.harmlessKey) { map { attribute(1, text, "1") } }
    case .deepMap: attribute(number, Self.harmlessKey) { deepMap(10, key, text) }
    case .bytes: attribute(number, key) { bytes(FieldNumber.AnyValue.bytes, text) }
    case .eventName: buffer.appendMessage(FieldNumber.Span.events) { string(FieldNumber.Event.name, text) }
    case .eventAttribute:
      buffer.appendMessage(FieldNumber.Span.events) { attribute(FieldNumber.Event.attributes, key, text) }
    case .linkAttribute: link { attribute(FieldNumber.Link.attributes, key, text) }
    case .linkTraceState: link { string(FieldNumber.Link.traceState, "\(key)=\(text)") }
    case .statusMessage: buffer.appendMessage(FieldNumber.Span.status) { string(FieldNumber.Status.message, text) }
    case .unknownField: attribute(Self.unknownNumber, key, text)
    default: break
    }
  }

  /// A number that OTLP has given to nothing.
  private static let unknownNumber: UInt32 = 900

  private func identifiers(_ trace: UInt32, _ span: UInt32) {
    bytes(trace, String(repeating: "\u{1}", count: 16))
    bytes(span, String(repeating: "\u{2}", count: 8))
  }

  private func link(_ body: () -> Void) {
    buffer.appendMessage(FieldNumber.Span.links) {
      identifiers(FieldNumber.Link.traceID, FieldNumber.Link.spanID)
      body()
    }
  }

  private func array(_ key: String, _ text: String) {
    buffer.appendMessage(FieldNumber.AnyValue.array) {
      // What is hidden by its key stands in a map; what is hidden for itself, in the array.
      buffer.appendMessage(FieldNumber.List.values) {
        if key == Self.harmlessKey {
          string(FieldNumber.AnyValue.string, text)
        } else {
          map { attribute(1, key, text) }
        }
      }
    }
  }

  private func map(_ body: () -> Void) { buffer.appendMessage(FieldNumber.AnyValue.keyValueList, body) }

  private func deepMap(_ depth: Int, _ key: String, _ text: String) {
    map {
      if depth == 1 {
        attribute(FieldNumber.List.values, key, text)
      } else {
        attribute(FieldNumber.List.values, Self.harmlessKey) { deepMap(depth - 1, key, text) }
      }
    }
  }

  private func attribute(_ number: UInt32, _ key: String, _ text: String) {
    attribute(number, key) { string(FieldNumber.AnyValue.string, text) }
  }

  private func attribute(_ number: UInt32, _ key: String, _ value: () -> Void) {
    buffer.appendMessage(number) {
      string(FieldNumber.KeyValue.key, key)
      buffer.appendMessage(FieldNumber.KeyValue.value, value)
    }
  }

  private func string(_ number: UInt32, _ text: String) { bytes(number, text) }

  private func bytes(_ number: UInt32, _ text: String) {
    buffer.appendTag(number, .lengthDelimited)
    buffer.appendVarint(UInt64(text.utf8.count))
    buffer.append(text.utf8)
  }
}
