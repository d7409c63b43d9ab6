internal import ProcessorHost

/// Puts secrets into a well-formed request, at places where hiding must find them, and copies that the door must drop.
///
/// It knows nothing of how hiding works: whatever it plants must be gone afterwards, wherever it was.
struct Planter {
  /// Stands under hidden keys, and in fields that the host does not know beside a hidden term.
  static let secret = Array("pl4nted/s3cret".utf8)
  /// Stands as a whole string value anywhere.
  static let value = Array("wh0le-value".utf8)
  /// Stands in copies that lose: fields given again later, other members of a oneof, groups.
  static let loser = Array("l0sing-copy".utf8)

  /// Keys that `Policies.everything` hides, each with whether its value may only be cut.
  private static let keys: [(key: String, isCut: Bool)] = [
    ("password", false), ("X-Auth-Token", false), ("apiKey", false), ("DB.Password.old", false), ("exact.name", false),
    ("Vendor.anything", false), ("gone", false), ("long.text", true), ("gone.prefix.x", false),
  ]

  private let schema = WireSchema.otlp
  private var choices: Choices

  init(seed: UInt64) { choices = Choices(state: seed) }

  /// - Precondition: the request has passed the door.
  mutating func plant(_ request: [UInt8]) -> [UInt8] {
    request.withUnsafeBufferPointer { run in
      run.baseAddress.map { message(.request, $0, 0..<run.count) } ?? []
    }
  }

  private mutating func message(_ message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var output: [UInt8] = []
    if message != .request, oneIn(12) { output += group() }
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      let rule = schema.rule(message, field.number)
      guard rule.kind != .unknown, field.type == rule.kind.wireType, field.isLengthDelimited else {
        output += UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
        continue
      }
      if message == .anyValue, oneIn(8) { output.appendField(FieldNumber.AnyValue.string, Self.loser) }
      let content = Array(UnsafeBufferPointer(start: base + field.payload, count: field.content.count))
      switch rule.kind {
      case .message, .repeatedMessage:
        output.appendField(field.number, self.message(rule.message, base, field.content))
      case .string where isTraceState(message, field.number):
        let member = [",password=", ",ot=th:c;password:", ",ot=password:"][Int(choices.next(below: 3))]
        output.appendField(field.number, oneIn(4) ? content + Array(member.utf8) + Self.secret : content)
      case .string, .repeatedString:
        let isKey = message == .keyValue
        if !isKey, rule.kind == .string, message != .anyValue, oneIn(8) {
          output.appendField(field.number, Self.loser)
        }
        output.appendField(field.number, !isKey && oneIn(6) ? Self.value : content)
      default: output.appendField(field.number, content)
      }
    }
    if let number = attributes(of: message) {
      for _ in 0..<choices.next(below: 3) { output.appendField(number, keyValue()) }
    }
    if message != .request, oneIn(6) { output.appendField(29, Array("x password\u{1}".utf8) + Self.secret) }
    return output
  }

  private func isTraceState(_ message: WireMessage, _ number: UInt32) -> Bool {
    (message == .span || message == .link) && number == FieldNumber.Span.traceState
  }

  private func attributes(of message: WireMessage) -> UInt32? {
    switch message {
    case .resource: FieldNumber.Resource.attributes
    case .scope: FieldNumber.Scope.attributes
    case .span: FieldNumber.Span.attributes
    case .event: FieldNumber.Event.attributes
    case .link: FieldNumber.Link.attributes
    case .keyValueList: FieldNumber.List.values
    default: nil
    }
  }

  private mutating func keyValue() -> [UInt8] {
    let (key, isCut) = Self.keys[Int(choices.next(below: UInt64(Self.keys.count)))]
    var keyField: [UInt8] = []
    keyField.appendField(FieldNumber.KeyValue.key, Array(key.utf8))
    var valueField: [UInt8] = []
    valueField.appendField(FieldNumber.KeyValue.value, value(isCut, depth: 0))
    var unknown: [UInt8] = []
    // Beside a value that is only cut, nobody asked to hide what is not understood.
    if !isCut, oneIn(3) { unknown.appendField(9, Self.secret) }
    switch choices.next(below: 3) {
    case 0: return keyField + valueField + unknown
    case 1: return unknown + valueField + keyField
    default: return valueField + unknown + keyField
    }
  }

  /// An `AnyValue` with the secret in it.
  private mutating func value(_ isCut: Bool, depth: Int) -> [UInt8] {
    var output: [UInt8] = []
    switch choices.next(below: depth > 3 ? 2 : 6) {
    case 0: output.appendField(FieldNumber.AnyValue.string, Self.secret)
    case 1: output.appendField(FieldNumber.AnyValue.bytes, Self.secret)
    case 2:
      var list: [UInt8] = []
      for _ in 0...choices.next(below: 2) { list.appendField(FieldNumber.List.values, value(isCut, depth: depth + 1)) }
      output.appendField(FieldNumber.AnyValue.array, list)
    case 3:
      var entry: [UInt8] = []
      entry.appendField(FieldNumber.KeyValue.key, Array("harmless".utf8))
      entry.appendField(FieldNumber.KeyValue.value, value(isCut, depth: depth + 1))
      var list: [UInt8] = []
      list.appendField(FieldNumber.List.values, entry)
      output.appendField(FieldNumber.AnyValue.keyValueList, list)
    case 4:
      if !isCut { output.appendField(27, Self.secret) }
      output.appendField(FieldNumber.AnyValue.string, Self.secret)
    default:
      output.appendField(FieldNumber.AnyValue.string, Self.loser)
      output.appendField(FieldNumber.AnyValue.string, Self.secret)
    }
    return output
  }

  private func group() -> [UInt8] {
    var output: [UInt8] = []
    output.appendVarint(30 << 3 | UInt64(WireType.startGroup.rawValue))
    output.appendField(1, Self.loser)
    output.appendVarint(30 << 3 | UInt64(WireType.endGroup.rawValue))
    return output
  }

  private mutating func oneIn(_ bound: UInt64) -> Bool { choices.next(below: bound) == 0 }
}
