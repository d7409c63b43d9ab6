internal import ProcessorHost

/// Bytes of any kind as text to look through.
enum ReadableText {
  /// Runs `body` on the bytes as UTF-8: as they are where they are valid, otherwise with U+FFFD for what is not, and
  /// says which.
  static func with<Result>(
    _ bytes: UnsafeBufferPointer<UInt8>, _ body: (_ text: UnsafeBufferPointer<UInt8>, _ isValid: Bool) -> Result
  ) -> Result {
    if let start = bytes.baseAddress, !UTF8Text.isValid(start, bytes.count) {
      var repaired = String(decoding: bytes, as: UTF8.self)
      return repaired.withUTF8 { body($0, false) }
    }
    return body(bytes, true)
  }
}

/// The texts that may stand in a field that the host does not know.
///
/// Nobody can say whether it is a text or a message. So it is taken as both: the whole of it, and, where it can be read
/// as a message, the content of every field in it, since the length of a text in front of it could pass for one of its
/// characters.
enum UnknownFieldTexts {
  /// Messages deeper than this are looked at as a whole only.
  private static let depth = 8

  /// Runs `body` on each text until it says that it has seen enough; says whether it did.
  @discardableResult
  static func forEach(_ payload: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
    forEach(payload, depth, body)
  }

  private static func forEach(
    _ payload: UnsafeBufferPointer<UInt8>, _ depth: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    if ReadableText.with(payload, { text, _ in body(text) }) { return true }
    guard depth > 0, let base = payload.baseAddress, isMessage(base, payload.count) else { return false }
    var cursor = WireCursor(base, 0..<payload.count)
    while let field = (try? cursor.next()) ?? nil {
      guard field.isLengthDelimited, !field.content.isEmpty else { continue }
      let content = UnsafeBufferPointer(start: base + field.payload, count: field.content.count)
      if forEach(content, depth - 1, body) { return true }
    }
    return false
  }

  private static func isMessage(_ base: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var cursor = WireCursor(base, 0..<count)
    do {
      while try cursor.next() != nil {}
      return true
    } catch {
      return false
    }
  }
}
