internal import ProcessorHost

/// A span as a plain list of its fields: what the overlay of edits must come to.
struct SpanModel: Equatable {
  private(set) var fields: [[UInt8]]

  init(_ span: [UInt8]) { fields = WirePiece.all(in: span).map(\.bytes) }

  var bytes: [UInt8] { fields.flatMap { $0 } }

  /// The keys of the attributes, in order; as bytes, since Swift takes different spellings of a letter for the same.
  var keys: [[UInt8]] { fields.compactMap { Self.key(of: $0) } }

  mutating func set(_ key: String, _ value: AttributeValue) {
    put(Proto.bytes(9, Proto.string(1, key) + Proto.bytes(2, Self.content(of: value)))) {
      Self.key(of: $0) == Array(key.utf8)
    }
  }

  /// Gives the attribute at this place among the attributes another value.
  mutating func replaceValue(_ place: Int, _ value: AttributeValue) {
    let places = fields.indices.filter { Self.key(of: fields[$0]) != nil }
    let key = keys[place]
    fields[places[place]] = Proto.bytes(9, Proto.bytes(1, key) + Proto.bytes(2, Self.content(of: value)))
  }

  mutating func remove(_ key: String) { fields.removeAll { Self.key(of: $0) == Array(key.utf8) } }

  /// Sets the name; an empty one goes.
  mutating func rename(_ name: String) {
    if name.isEmpty {
      fields.removeAll { Self.isField(5, $0) }
    } else {
      put(Proto.string(5, name)) { Self.isField(5, $0) }
    }
  }

  mutating func setStatus(_ message: String, _ code: UInt64) {
    let text = message.isEmpty ? [] : Proto.string(2, message)
    put(Proto.bytes(15, text + (code == 0 ? [] : Proto.integer(3, code)))) { Self.isField(15, $0) }
  }

  mutating func setEvents(_ names: [String]) {
    fields.removeAll { Self.isField(11, $0) }
    fields += names.map { Proto.bytes(11, Proto.string(2, $0)) }
  }

  /// Puts a field in the place of the first that matches and removes the others, or adds it behind all.
  private mutating func put(_ field: [UInt8], where matches: ([UInt8]) -> Bool) {
    guard let first = fields.firstIndex(where: matches) else { return fields.append(field) }
    fields[first] = field
    for index in fields.indices.reversed() where index > first && matches(fields[index]) { fields.remove(at: index) }
  }

  private static func isField(_ number: UInt64, _ field: [UInt8]) -> Bool {
    WirePiece.all(in: field).first.map { $0.number == number && $0.isLengthDelimited } ?? false
  }

  /// The key, if the field is an attribute.
  private static func key(of field: [UInt8]) -> [UInt8]? {
    guard isField(9, field), let content = WirePiece.all(in: field).first?.content else { return nil }
    return WirePiece.all(in: content).first { $0.number == 1 && $0.isLengthDelimited }?.content ?? []
  }

  /// The content of an `AnyValue`.
  static func content(of value: AttributeValue) -> [UInt8] {
    switch value {
    case .string(let text): Proto.string(1, text)
    case .bool(let flag): Proto.integer(2, flag ? 1 : 0)
    case .int(let number): Proto.signed(3, number)
    case .double(let number): Proto.double(4, number)
    case .array(let values): Proto.bytes(5, values.flatMap { Proto.bytes(1, content(of: $0)) })
    case .map(let entries):
      Proto.bytes(
        6, entries.flatMap { Proto.bytes(1, Proto.string(1, $0.key) + Proto.bytes(2, content(of: $0.value))) })
    case .bytes(let bytes): Proto.bytes(7, bytes)
    case .empty: []
    }
  }
}

extension [UInt8] {
  /// Lends a workspace that holds the span with this content.
  func withWorkspace<Result>(_ body: (SpanWorkspace) throws -> Result) rethrows -> Result {
    // Not at the very first byte, so that offsets cannot be taken for lengths.
    let padded = [0xEE, 0xEE, 0xEE] + self
    return try padded.withUnsafeBufferPointer { run in
      let workspace = SpanWorkspace()
      if let base = run.baseAddress { workspace.begin(base, 3..<run.count) }
      return try body(workspace)
    }
  }
}

extension SpanWorkspace {
  /// The span as it is now.
  var encoded: [UInt8] {
    let output = WireBuffer()
    encode(into: output)
    return Array(output.bytes)
  }
}
