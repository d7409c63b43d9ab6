internal import ProcessorHost

/// A message as protobuf's rules decode it, apart from the door: the last of singular fields and of a oneof's members
/// wins, messages merge, groups are passed over.
struct Reference: Equatable {
  private enum Value: Equatable {
    case number(UInt64)
    case bytes([UInt8])
    case message(Reference)
  }

  private var known: [UInt32: [Value]] = [:]
  /// Fields that the schema does not have, byte for byte, in their order.
  private var unknown: [[UInt8]] = []

  /// - Precondition: the request is well-formed.
  init(request: [UInt8]) {
    self.init()
    merge(.request, request)
    // A batch has no place for them, and the door says so.
    unknown = []
  }

  private init() {}

  private mutating func merge(_ message: WireMessage, _ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      var cursor = WireCursor(base, 0..<run.count)
      while let field = cursor.nextChecked() {
        if field.type == .startGroup {
          do { try cursor.skipGroup(field.number) } catch { return }
        } else {
          take(message, field, Array(run[field.start..<field.end]), Array(run[field.payload..<field.end]))
        }
      }
    }
  }

  private mutating func take(_ message: WireMessage, _ field: WireField, _ whole: [UInt8], _ content: [UInt8]) {
    let rule = WireSchema.otlp.rule(message, field.number)
    guard rule.kind != .unknown, rule.kind.wireType == field.type else {
      unknown.append(whole)
      return
    }
    var earlier = known[field.number] ?? []
    // All fields of an `AnyValue` are members of one oneof.
    if message == .anyValue { known.removeAll() }
    switch rule.kind {
    case .message:
      var merged = Reference()
      if case .message(let first)? = earlier.first { merged = first }
      merged.merge(rule.message, content)
      earlier = [.message(merged)]
    case .repeatedMessage:
      var element = Reference()
      element.merge(rule.message, content)
      earlier.append(.message(element))
    case .repeatedString: earlier.append(.bytes(repaired(content)))
    case .string: earlier = [.bytes(repaired(content))]
    default: earlier = [field.isLengthDelimited ? .bytes(content) : .number(field.value)]
    }
    known[field.number] = earlier
  }

  private func repaired(_ text: [UInt8]) -> [UInt8] { Array(String(decoding: text, as: UTF8.self).utf8) }
}
