/// Contents of OTLP messages, byte by byte.
enum SpanBytes {
  static let traceID = [UInt8](0x10..<0x20)
  static let spanID = [UInt8](0xA0..<0xA8)
  static let ids = Proto.bytes(1, traceID) + Proto.bytes(2, spanID)

  /// The content of a span that has ids, and a name where one is given.
  static func span(_ name: String = "", _ fields: [UInt8]...) -> [UInt8] {
    ids + (name.isEmpty ? [] : Proto.string(5, name)) + fields.flatMap { $0 }
  }

  /// A `KeyValue` field of any message.
  static func attribute(_ number: UInt64, _ key: String, _ value: [UInt8]) -> [UInt8] {
    Proto.bytes(number, Proto.string(1, key) + Proto.bytes(2, value))
  }

  /// An attribute of a span with a string value.
  static func attribute(_ key: String, _ text: String) -> [UInt8] { attribute(9, key, Proto.string(1, text)) }

  static func event(_ name: String, _ fields: [UInt8]...) -> [UInt8] {
    Proto.bytes(11, Proto.string(2, name) + fields.flatMap { $0 })
  }

  static func link(_ fields: [UInt8]...) -> [UInt8] { Proto.bytes(13, ids + fields.flatMap { $0 }) }

  /// A `ResourceSpans` field with these attributes and one scope with these spans.
  static func resource(_ attributes: [UInt8], scope: String = "scope", spans: [[UInt8]]) -> [UInt8] {
    Proto.bytes(1, Proto.bytes(1, attributes) + scopeSpans(scope, spans))
  }

  /// A `ScopeSpans` field.
  static func scopeSpans(_ name: String, _ spans: [[UInt8]]) -> [UInt8] {
    Proto.bytes(2, Proto.bytes(1, Proto.string(1, name)) + spans.flatMap { Proto.bytes(2, $0) })
  }

  /// A field with a group in it.
  static func group(_ number: UInt64, _ content: [UInt8] = []) -> [UInt8] {
    Proto.varint(number << 3 | 3) + content + Proto.varint(number << 3 | 4)
  }

  /// An `AnyValue` of arrays in arrays, `depth` of them, with `leaf` inside.
  static func nestedArray(_ depth: Int, _ leaf: [UInt8] = []) -> [UInt8] {
    (0..<depth).reduce(leaf) { inner, _ in Proto.bytes(5, Proto.bytes(1, inner)) }
  }
}

extension [UInt8] {
  /// Whether these bytes hold that text.
  func contains(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    return count >= wanted.count && (0...count - wanted.count).contains { self[$0...].starts(with: wanted) }
  }
}
