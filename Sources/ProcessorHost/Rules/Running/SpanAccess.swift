/// What a rule's hook may do to a span, and who answers for what the host keeps.
struct SpanAccess {
  /// The most bytes of a key that a rule writes.
  static let maximumKey = 1024
  /// The most bytes of a value that a rule writes.
  static let maximumValue = 64 << 10
  /// The most fields that a span may have for a rule to add one more.
  static let maximumFields = 4096

  /// A reason that a rule declares, ready to be compared and given.
  struct Reason: Sendable {
    var text: [UInt8]
    var reason: SpanReason

    init(_ name: String) {
      text = Array(name.utf8)
      reason = SpanReason(name)
    }
  }

  var powers: Powers {
    didSet { prepareReasons() }
  }
  private(set) var sampleReasons: [Reason] = []
  private(set) var dropReasons: [Reason] = []
  /// The bit of each step that `span:hide` may ask for, by its node's serial.
  var conditionalSteps: [UInt32: UInt64] = [:]
  /// Whether the rule's failure policy allows hiding that depends on code.
  var mayHideConditionally = false
  /// Asks the host's rate limit for room: the rule's reason, and how many a second.
  var rateLimit: (@Sendable (String, Double) -> Bool)?
  /// Asks the host for the share of a trace's kind: the rule's reason, the kind, and how many a second of all kinds.
  var dynamicShare: (@Sendable (String, UInt64, Double) -> Double)?

  init(powers: Powers = Powers()) {
    self.powers = powers
    prepareReasons()
  }

  /// The steps that looking for an attribute takes: it looks at every field.
  static func searchCost(_ span: SpanWorkspace) -> Int64 { Int64(span.slots.count / 4) }

  private mutating func prepareReasons() {
    sampleReasons = powers.sampleReasons.map { Reason($0) }
    dropReasons = powers.dropReasons.map { Reason($0) }
  }
}
