internal import Tracing

extension SpanAttributes {
  /// No attributes. A dictionary literal takes longer, even an empty one.
  static let none: SpanAttributes = [:]

  /// Calls `body` for each attribute, in no order. They are no sequence, so no loop can.
  @inline(__always)
  func visit(_ body: (String, SpanAttribute) -> Void) { forEach(body) }
}
