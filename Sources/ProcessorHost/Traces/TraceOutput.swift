/// Where the spans of decided traces go on.
package protocol TraceOutput: Sendable {
  /// Whether more can go there now without being too much. What there is no room to hold goes there all the same.
  var hasRoom: Bool { get }

  /// Takes spans.
  /// - Parameter ruleSet: the set that decided.
  func add(_ batch: consuming SpanBatch, ruleSet: RuleSetNumber)

  /// Sends on what was taken and waits for more: nothing more comes before there is room.
  func flush()
}
