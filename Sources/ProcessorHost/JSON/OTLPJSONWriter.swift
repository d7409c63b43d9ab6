/// Writes the protobuf bytes of an ExportTraceServiceRequest as OTLP/JSON.
///
/// Integers of 64 bits become strings, ids lower-case hexadecimal, enumerations integers; unset fields are left out.
package struct OTLPJSONWriter {
  package enum Style: Sendable {
    /// Without any white space, for JSON lines.
    case line
    /// Two spaces for each level.
    case indented
  }

  private let base: UnsafePointer<UInt8>
  private let schema = OTLPJSONSchema.otlp
  private var text: JSONTextOutput
  private var leftOut = 0

  /// Appends the request to `output`, without a line break after it.
  ///
  /// - Precondition: the request has passed the door: well-formed, every singular field and oneof once, text in UTF-8.
  /// - Returns: how many fields are not in the text because OTLP/JSON has no name for them.
  @discardableResult
  package static func write(
    _ request: UnsafeBufferPointer<UInt8>, as style: Style = .line, to output: WireBuffer
  ) -> Int {
    guard let base = request.baseAddress else {
      output.append("{}".utf8)
      return 0
    }
    var writer = OTLPJSONWriter(base, JSONTextOutput(output, isIndented: style == .indented))
    writer.message(.request, 0..<request.count, depth: 0)
    return writer.leftOut
  }

  private init(_ base: UnsafePointer<UInt8>, _ text: JSONTextOutput) {
    self.base = base
    self.text = text
  }

  private mutating func message(_ message: WireMessage, _ range: Range<Int>, depth: Int) {
    text.open(JSONByte.openBrace)
    defer { text.close(JSONByte.closeBrace) }
    // A span is the door's first level, and the fourth here. Nothing deeper has passed the door; were it so all the
    // same, the stack must not pay.
    guard depth < StructureCheck.maximumDepth + 3 else {
      leftOut += 1
      return
    }
    var written: UInt32 = 0
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      guard let known = schema.field(message, numbered: field.number), field.type == known.kind.wireType else {
        leftOut += 1
        continue
      }
      // The first element of a repeated field brings all the others with it.
      guard written & 1 << field.number == 0 else { continue }
      written |= 1 << field.number
      text.name(known.name)
      switch known.kind {
      case .scalar(let kind):
        scalar(kind, field)
      case .message(let inner):
        self.message(inner, field.payload..<field.end, depth: depth + 1)
      case .messages, .strings:
        cursor.position = list(known, field, cursor, depth)
      }
    }
  }

  /// Writes all elements of a repeated field, wherever in the message they stand; returns where the first run of them
  /// ends.
  private mutating func list(_ known: OTLPJSONField, _ first: WireField, _ rest: WireCursor, _ depth: Int) -> Int {
    var cursor = rest
    var runEnd = rest.position
    var isRun = true
    text.open(JSONByte.openBracket)
    var next: WireField? = first
    while let field = next {
      if field.number != known.number || field.type != .lengthDelimited {
        isRun = false
      } else {
        if isRun { runEnd = cursor.position }
        text.element()
        if case .messages(let inner) = known.kind {
          message(inner, field.payload..<field.end, depth: depth + 1)
        } else {
          text.string(bytes(field))
        }
      }
      next = cursor.nextChecked()
    }
    text.close(JSONByte.closeBracket)
    return runEnd
  }

  private func bytes(_ field: WireField) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + field.payload, count: field.end - field.payload)
  }

  private mutating func scalar(_ kind: OTLPJSONScalar, _ field: WireField) {
    switch kind {
    case .string: text.string(bytes(field))
    case .hexadecimal: text.quoted { Hexadecimal.encode(bytes(field), to: $0) }
    case .base64: text.quoted { Base64.encode(bytes(field), to: $0) }
    case .bool: text.raw(field.value != 0 ? "true" : "false")
    case .int64: text.quoted { $0.append(String(Int64(bitPattern: field.value)).utf8) }
    case .fixed64: text.quoted { $0.append(String(field.value).utf8) }
    case .uint32, .fixed32: text.raw(String(UInt32(truncatingIfNeeded: field.value)))
    case .spanKind, .statusCode: text.raw(String(Int32(truncatingIfNeeded: field.value)))
    case .double: text.double(Double(bitPattern: field.value))
    }
  }
}

extension OTLPJSONKind {
  /// How protobuf has the field; in any other wire type it is an unknown one.
  fileprivate var wireType: WireType {
    switch self {
    case .scalar(.bool), .scalar(.int64), .scalar(.uint32), .scalar(.spanKind), .scalar(.statusCode): .varint
    case .scalar(.fixed32): .fixed32
    case .scalar(.fixed64), .scalar(.double): .fixed64
    default: .lengthDelimited
    }
  }
}
