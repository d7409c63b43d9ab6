extension AttributeValue {
  /// Appends the content of an `AnyValue` message.
  package func encode(into output: WireBuffer) {
    switch self {
    case .string(let text):
      output.appendTag(FieldNumber.AnyValue.string, .lengthDelimited)
      output.appendText(text)
    case .bool(let flag):
      output.appendTag(FieldNumber.AnyValue.bool, .varint)
      output.append(flag ? 1 : 0)
    case .int(let number):
      output.appendTag(FieldNumber.AnyValue.int, .varint)
      output.appendVarint(UInt64(bitPattern: number))
    case .double(let number):
      output.appendTag(FieldNumber.AnyValue.double, .fixed64)
      output.appendFixed64(number.bitPattern)
    case .array(let values):
      output.appendMessage(FieldNumber.AnyValue.array) {
        for value in values {
          output.appendMessage(FieldNumber.List.values) { value.encode(into: output) }
        }
      }
    case .map(let entries):
      output.appendMessage(FieldNumber.AnyValue.keyValueList) {
        for entry in entries {
          output.appendMessage(FieldNumber.List.values) { entry.encode(into: output) }
        }
      }
    case .bytes(let bytes):
      output.appendTag(FieldNumber.AnyValue.bytes, .lengthDelimited)
      output.appendVarint(UInt64(bytes.count))
      output.append(bytes)
    case .empty:
      break
    }
  }

  /// Reads the content of an `AnyValue` message that has passed the door.
  package init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    self = .empty
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      let content = field.payload..<field.end
      switch (field.number, field.type) {
      case (FieldNumber.AnyValue.string, .lengthDelimited): self = .string(String(wire: base, content))
      case (FieldNumber.AnyValue.bool, .varint): self = .bool(field.value != 0)
      case (FieldNumber.AnyValue.int, .varint): self = .int(Int64(bitPattern: field.value))
      case (FieldNumber.AnyValue.double, .fixed64): self = .double(Double(bitPattern: field.value))
      case (FieldNumber.AnyValue.bytes, .lengthDelimited):
        self = .bytes(Array(UnsafeBufferPointer(start: base + content.lowerBound, count: content.count)))
      case (FieldNumber.AnyValue.array, .lengthDelimited):
        self = .array(Self.elements(base, content).map { AttributeValue(base, $0) })
      case (FieldNumber.AnyValue.keyValueList, .lengthDelimited):
        self = .map(Self.elements(base, content).map { Entry(base, $0) })
      default: break
      }
    }
  }

  private static func elements(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      if field.number == FieldNumber.List.values, field.type == .lengthDelimited {
        found.append(field.payload..<field.end)
      }
    }
    return found
  }
}

extension AttributeValue.Entry {
  /// Appends the content of a `KeyValue` message.
  package func encode(into output: WireBuffer) {
    output.appendTag(FieldNumber.KeyValue.key, .lengthDelimited)
    output.appendText(key)
    output.appendMessage(FieldNumber.KeyValue.value) { value.encode(into: output) }
  }

  /// Reads the content of a `KeyValue` message that has passed the door.
  package init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    let parts = KeyValueParts(base, range)
    self.init(String(wire: base, parts.key), AttributeValue(base, parts.value))
  }
}

/// Where the key and the value of a `KeyValue` stand.
@usableFromInline
package struct KeyValueParts {
  @usableFromInline package var key: Range<Int>
  /// The content of the `AnyValue`; empty where there is none.
  @usableFromInline package var value: Range<Int>

  @inlinable @inline(__always)
  package init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    key = Range(uncheckedBounds: (range.lowerBound, range.lowerBound))
    value = Range(uncheckedBounds: (range.upperBound, range.upperBound))
    var cursor = WireCursor(base, range)
    while let field = cursor.nextChecked() {
      guard field.isLengthDelimited else { continue }
      if field.number == 1 {
        key = field.content
      } else if field.number == 2 {
        value = field.content
      }
    }
  }
}

extension String {
  /// Text that has passed the door.
  package init(wire base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    self.init(decoding: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count), as: UTF8.self)
  }
}

extension WireBuffer {
  /// Appends a length and the text as UTF-8.
  package func appendText(_ text: String) {
    var text = text
    text.withUTF8 { run in
      appendVarint(UInt64(run.count))
      if let start = run.baseAddress { append(start, run.count) }
    }
  }
}
