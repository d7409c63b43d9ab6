internal import ProcessorHost

/// The bytes of a small protobuf message, for as long as it is read.
///
/// Memory safety: made inside `withUnsafeBufferPointer` and passed to a closure that does not let it out; fields come
/// from a cursor over the same bytes, which has checked their ends.
struct ProtobufReader {
  private let base: UnsafePointer<UInt8>

  /// Calls `body` with each field of a message; groups are passed over.
  static func read(
    _ bytes: [UInt8], message: String,
    _ body: (WireField, ProtobufReader) throws(OTLPProtocolError) -> Void
  ) throws(OTLPProtocolError) {
    try bytes.withUnsafeBufferPointer { (run) throws(OTLPProtocolError) in
      guard let base = run.baseAddress else { return }
      var cursor = WireCursor(base, 0..<run.count)
      while let field = try Self.next(&cursor, message) {
        try body(field, ProtobufReader(base: base))
      }
    }
  }

  private static func next(_ cursor: inout WireCursor, _ message: String) throws(OTLPProtocolError) -> WireField? {
    do {
      guard let field = try cursor.next() else { return nil }
      switch field.type {
      case .startGroup: try cursor.skipGroup(field.number)
      case .endGroup: throw WireFault.unmatchedGroup
      default: break
      }
      return field
    } catch {
      throw OTLPProtocolError(code: .malformedMessage, message: "the bytes are no \(message)")
    }
  }

  func bytes(_ field: WireField) -> [UInt8] {
    Array(UnsafeBufferPointer(start: base + field.payload, count: field.content.count))
  }

  /// The text of a field; what is not UTF-8 in it becomes U+FFFD.
  func text(_ field: WireField) -> String {
    String(decoding: UnsafeBufferPointer(start: base + field.payload, count: field.content.count), as: UTF8.self)
  }
}

extension WireBuffer {
  /// Appends a text field; an empty one is left out, as proto3 does.
  func appendText(_ number: UInt32, _ text: String) {
    if text.isEmpty { return }
    appendMessage(number) { append(text.utf8) }
  }

  /// Appends an integer field; zero is left out, as proto3 does.
  func appendInteger(_ number: UInt32, _ value: Int64) {
    if value == 0 { return }
    appendTag(number, .varint)
    appendVarint(UInt64(bitPattern: value))
  }
}
