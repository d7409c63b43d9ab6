/// The edits of a trace as spans get them: of several for one key the last.
struct TraceEdits {
  private struct Own: Hashable {
    var span: Int
    var key: [UInt8]
  }

  /// What every span gets.
  private(set) var common: [TraceDecision.Attribute] = []
  private var own: [Int: [TraceDecision.Attribute]] = [:]

  /// - Parameter reason: why the trace stays.
  init(_ edits: [TraceWorkspace.Edit], _ reason: SpanReason? = nil) {
    if edits.isEmpty { return }
    let edits = edits.filter { $0.condition == nil || $0.condition == reason }
    var lastCommon: [[UInt8]: Int] = [:]
    var lastOwn: [Own: Int] = [:]
    for (index, edit) in edits.enumerated() {
      if let span = edit.span { lastOwn[Own(span: span, key: edit.key)] = index } else { lastCommon[edit.key] = index }
    }
    for (index, edit) in edits.enumerated() {
      let attribute = TraceDecision.Attribute(key: edit.key, value: edit.value)
      if let span = edit.span {
        // One for all spans that came later counts.
        if lastOwn[Own(span: span, key: edit.key)] == index, lastCommon[edit.key] ?? -1 < index {
          own[span, default: []].append(attribute)
        }
      } else if lastCommon[edit.key] == index {
        common.append(attribute)
      }
    }
  }

  var isEmpty: Bool { common.isEmpty && own.isEmpty }

  /// Sets what one span gets.
  func apply(to span: SpanWorkspace, _ index: Int) {
    for attribute in common { Self.set(attribute, on: span) }
    if own.isEmpty { return }
    for attribute in own[index] ?? [] { Self.set(attribute, on: span) }
  }

  private static func set(_ attribute: TraceDecision.Attribute, on span: SpanWorkspace) {
    attribute.key.withUnsafeBufferPointer { key in
      attribute.value.withUnsafeBufferPointer { value in
        guard let keyStart = key.baseAddress else { return }
        // An empty value has no address, and nothing is read of it.
        span.setAttribute(keyStart, key.count, value.baseAddress ?? keyStart, value.count)
      }
    }
  }
}
