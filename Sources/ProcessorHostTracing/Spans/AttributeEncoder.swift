internal import ProcessorHost
internal import Tracing

/// Writes attributes as OTLP's `KeyValue`.
///
/// A text above the ceiling is replaced whole: half a secret would match no rule.
struct AttributeEncoder {
  let output: WireBuffer

  /// Stands for a text that is too long to be kept.
  static let tooLong = "[over 64 KiB]"

  func append(_ key: String, _ value: SpanAttribute, _ number: UInt32) {
    if case .string(let text) = value {
      append(key, text: text, number)
    } else {
      appendAny(key, value, number)
    }
  }

  private func append(_ key: String, text: String, _ number: UInt32) {
    // Strings that Foundation made on other systems are not UTF-8 inside.
    let isWritten = key.utf8.withContiguousStorageIfAvailable { key in
      text.utf8.withContiguousStorageIfAvailable { text in
        if key.count > SpanLimits.maximumValueBytes || text.count > SpanLimits.maximumValueBytes { return false }
        output.appendAttribute(number, key: key, text: text)
        return true
      }
    }
    if isWritten != true { appendAny(key, .string(text), number) }
  }

  private func appendAny(_ key: String, _ value: SpanAttribute, _ number: UInt32) {
    output.appendMessage(number) {
      output.appendTag(FieldNumber.KeyValue.key, .lengthDelimited)
      output.appendText(shown(key))
      output.appendMessage(FieldNumber.KeyValue.value) { append(value) }
    }
  }

  /// Appends the content of an `AnyValue`.
  private func append(_ value: SpanAttribute) {
    switch value {
    case .string(let text): append(text)
    case .bool(let flag): append(flag)
    case .int32(let number): append(Int64(number))
    case .int64(let number): append(number)
    case .double(let number): append(number)
    case .stringConvertible(let value): append(String(describing: value))
    case .stringArray(let values): append(values) { append($0) }
    case .boolArray(let values): append(values) { append($0) }
    case .int32Array(let values): append(values) { append(Int64($0)) }
    case .int64Array(let values): append(values) { append($0) }
    case .doubleArray(let values): append(values) { append($0) }
    case .stringConvertibleArray(let values): append(values) { append(element: $0) }
    // A kind that a later version of swift-distributed-tracing adds is kept as text.
    default: append(String(describing: value))
    }
  }

  private func append<Value>(_ values: [Value], _ element: (Value) -> Void) {
    // What one array takes is bounded like what one text takes.
    let start = output.count
    output.appendMessage(FieldNumber.AnyValue.array) {
      for value in values {
        output.appendMessage(FieldNumber.List.values) { element(value) }
        if output.count - start > SpanLimits.maximumValueBytes { break }
      }
    }
    guard output.count - start > SpanLimits.maximumValueBytes else { return }
    output.truncate(to: start)
    append(Self.tooLong)
  }

  /// swift-distributed-tracing 1.7 has arrays of `Int` and of `Float` arrive here, as what can be shown as text.
  private func append(element: any CustomStringConvertible & Sendable) {
    switch element {
    case let number as Int: append(Int64(number))
    case let number as Float: append(Double(number))
    default: append(String(describing: element))
    }
  }

  private func append(_ text: String) {
    output.appendTag(FieldNumber.AnyValue.string, .lengthDelimited)
    output.appendText(shown(text))
  }

  private func append(_ flag: Bool) {
    output.appendTag(FieldNumber.AnyValue.bool, .varint)
    output.append(flag ? 1 : 0)
  }

  private func append(_ number: Int64) {
    output.appendTag(FieldNumber.AnyValue.int, .varint)
    output.appendVarint(UInt64(bitPattern: number))
  }

  private func append(_ number: Double) {
    output.appendTag(FieldNumber.AnyValue.double, .fixed64)
    output.appendFixed64(number.bitPattern)
  }

  private func shown(_ text: String) -> String {
    text.utf8.count > SpanLimits.maximumValueBytes ? Self.tooLong : text
  }
}
