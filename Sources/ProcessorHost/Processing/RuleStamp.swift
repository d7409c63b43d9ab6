/// The attribute of an instrumentation scope that says under which set of rules its spans were processed.
///
/// OpenTelemetry specification: instrumentation scope, attributes.
package struct RuleStamp: Sendable {
  package static let key = "processor_host.rules.digest"

  private static let keyBytes = Array(key.utf8)

  /// The `KeyValue` as a field of a scope.
  private let field: [UInt8]

  package init(digest: String) {
    let output = WireBuffer()
    output.appendMessage(FieldNumber.Scope.attributes) {
      output.appendMessage(FieldNumber.KeyValue.key) { output.append(Self.keyBytes) }
      output.appendMessage(FieldNumber.KeyValue.value) {
        output.appendMessage(FieldNumber.AnyValue.string) { output.append(Array(digest.utf8)) }
      }
    }
    field = Array(output.bytes)
  }

  /// The stamp that the own fields of a `ScopeSpans` carry; nil where they carry none. Of several the last, which is
  /// where a stamp is put.
  init?(in fields: [UInt8]) {
    var found: [UInt8]?
    Self.forEachField(fields) { scope, base in
      guard Self.isScope(scope) else { return }
      var cursor = WireCursor(base, scope.content)
      while let field = cursor.nextChecked() {
        guard Self.isStamp(field, base) else { continue }
        found = Array(UnsafeBufferPointer(start: base + field.start, count: field.end - field.start))
      }
    }
    guard let found else { return nil }
    field = found
  }

  /// The own fields of a `ScopeSpans` with the stamp in the place of any that they carry.
  func put(on fields: [UInt8]) -> [UInt8] {
    let stamp = field
    let output = WireBuffer(capacity: fields.count + stamp.count + 16)
    var hasScope = false
    Self.forEachField(fields) { scope, base in
      guard Self.isScope(scope) else { return output.append(base + scope.start, scope.end - scope.start) }
      hasScope = true
      output.appendMessage(scope.number) {
        var cursor = WireCursor(base, scope.content)
        while let field = cursor.nextChecked() {
          if !Self.isStamp(field, base) { output.append(base + field.start, field.end - field.start) }
        }
        output.append(stamp)
      }
    }
    if hasScope { return Array(output.bytes) }
    output.truncate(to: 0)
    // The scope stands first of all.
    output.appendMessage(FieldNumber.ScopeSpans.scope) { output.append(stamp) }
    return Array(output.bytes) + fields
  }

  private static func forEachField(_ fields: [UInt8], _ body: (WireField, UnsafePointer<UInt8>) -> Void) {
    fields.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      var cursor = WireCursor(base, 0..<run.count)
      while let field = cursor.nextChecked() { body(field, base) }
    }
  }

  private static func isScope(_ field: WireField) -> Bool {
    field.number == FieldNumber.ScopeSpans.scope && field.isLengthDelimited
  }

  private static func isStamp(_ field: WireField, _ base: UnsafePointer<UInt8>) -> Bool {
    guard field.number == FieldNumber.Scope.attributes, field.isLengthDelimited else { return false }
    let key = KeyValueParts(base, field.content).key
    return UnsafeBufferPointer(start: base + key.lowerBound, count: key.count).elementsEqual(keyBytes)
  }
}

/// What becomes of the stamp on scopes.
package enum RuleStamping: Sendable {
  /// There is none; an attribute of its name is one like others.
  case off
  /// This one is put on each, whatever came.
  case put(RuleStamp)
  /// The one that is there stays, as the host has put it there before.
  case keep

  var isOn: Bool { if case .off = self { false } else { true } }

  /// What leaves of the own fields of a `ScopeSpans`; nil where they stay as they are.
  /// - Parameter hidden: what hiding made of them; nil where it left them alone.
  func fields(_ original: [UInt8], hidden: [UInt8]?) -> [UInt8]? {
    switch self {
    case .off: return hidden
    case .put(let stamp): return stamp.put(on: hidden ?? original)
    case .keep:
      guard let hidden, let stamp = RuleStamp(in: original) else { return hidden }
      return stamp.put(on: hidden)
    }
  }
}
