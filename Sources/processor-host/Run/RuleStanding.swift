internal import ProcessorHost
internal import RuleApproval

/// How a set of rules that runs stands.
struct RuleStanding {
  var directory: RuleDirectory
  /// The directory it was read from; nil for rules that are in none.
  var source: String?
  /// How it came to be approved; nil while a person still has to.
  var approval: Approval?
  /// What is said of that.
  var text: String
  /// What stood beside it about its approval, which may be another set's when it is kept.
  var files: [String: [UInt8]] = [:]
  /// Whether it has passed its probation.
  var isProven = false

  init(_ directory: RuleDirectory, from source: String?, _ approval: Approval) {
    self.directory = directory
    self.source = source
    self.approval = approval
    text = approval.description
    // A set that cannot be read again when the host starts is told of when it is kept.
    files = source.flatMap { try? LastGoodRules.approval(in: $0) } ?? [:]
  }

  init(_ directory: RuleDirectory, from source: String?, awaiting refusal: ApprovalRefusal) {
    self.directory = directory
    self.source = source
    text = "tighter than before, and runs before it is approved: \(refusal.reason)"
  }
}
