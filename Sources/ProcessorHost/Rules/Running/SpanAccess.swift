/// What a rule's hook may do to a span, and who answers for what the host keeps.
struct SpanAccess {
  /// The most bytes of a key that a rule writes.
  static let maximumKey = 1024
  /// The most bytes of a value that a rule writes.
  static let maximumValue = 64 << 10
  /// The most fields that a span may have for a rule to add one more.
  static let maximumFields = 4096

  var powers = Powers()
  /// The bit of each step that `span:hide` may ask for, by its node's serial.
  var conditionalSteps: [UInt32: UInt64] = [:]
  /// Whether the rule's failure policy allows hiding that depends on code.
  var mayHideConditionally = false
  /// Asks the host's rate limit for room: the rule's reason, and how many a second.
  var rateLimit: (@Sendable (String, Double) -> Bool)?
}
