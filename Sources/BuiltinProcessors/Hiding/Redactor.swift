public import ProcessorHost

/// Applies a hide policy to single values: the same function that the host applies to every surface of a span.
///
/// What it gives depends on the value and the policy, and on nothing else. It keeps scratch memory, so each thread that
/// hides makes one of its own, once: expressions are compiled for it, which can take tens of milliseconds the first
/// time.
public final class Redactor {
  private let worker: any HidingWorker

  /// Makes a policy ready.
  /// - Parameters:
  ///   - policy: what is hidden; steps for spans of which a rule asks it (`isConditional`) never count here.
  ///   - keys: the keys for pseudonyms, by the names that the policy calls them.
  /// - Throws: `HidePolicyError` for a step that cannot work.
  public init(_ policy: HidePolicy, keys: [String: PseudonymKeyRing] = [:]) throws(HidePolicyError) {
    worker = try CompiledPolicy(policy, keys: keys).makeWorker()
  }

  /// What becomes of an attribute: its value and, where something was found in it, its key; nil where it goes.
  public func redact(_ attribute: AttributeValue.Entry) -> AttributeValue.Entry? {
    let buffer = WireBuffer()
    buffer.appendMessage(FieldNumber.Resource.attributes) { attribute.encode(into: buffer) }
    guard let hidden = hide(.resource, buffer) else { return attribute }
    return hidden.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var cursor = WireCursor(base, 0..<bytes.count)
      return cursor.nextChecked().map { AttributeValue.Entry(base, $0.content) }
    }
  }

  /// What becomes of a text that is no attribute, such as the name of a span. Text that is to go is marked.
  public func redact(_ text: String) -> String {
    let buffer = WireBuffer()
    buffer.appendTag(FieldNumber.Scope.name, .lengthDelimited)
    buffer.appendVarint(UInt64(text.utf8.count))
    buffer.append(text.utf8)
    guard let hidden = hide(.scope, buffer) else { return text }
    return hidden.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return "" }
      var cursor = WireCursor(base, 0..<bytes.count)
      return cursor.nextChecked().map { String(wire: base, $0.content) } ?? ""
    }
  }

  private func hide(_ message: WireMessage, _ buffer: WireBuffer) -> [UInt8]? {
    worker.hide(header: message, UnsafePointer(buffer.base), 0..<buffer.count)
  }
}
