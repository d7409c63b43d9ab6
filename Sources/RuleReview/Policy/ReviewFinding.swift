/// What a change of the rules means for what leaves.
package enum ReviewVerdict: String, Sendable, Codable, CaseIterable {
  /// Nothing that could matter has changed.
  case same
  /// Nothing shows under the new rules that did not show under the old ones; this is proven.
  case tighter
  /// Neither is proven: more may show, or other spans may leave.
  case other
  /// Something shows that did not.
  case looser

  /// What two changes together are.
  static func + (left: Self, right: Self) -> Self {
    let order: [Self] = [.same, .tighter, .other, .looser]
    return (order.firstIndex(of: left) ?? 0) >= (order.firstIndex(of: right) ?? 0) ? left : right
  }
}

/// One difference between two sets of rules, in words that matter.
package struct ReviewFinding: Sendable, Equatable, Codable {
  /// What it means; `same` for what is only worth knowing.
  package var verdict: ReviewVerdict
  /// The rule's file, and line where there is one; empty for the set as a whole.
  package var place: String
  /// What has changed: a sentence.
  package var message: String

  init(_ verdict: ReviewVerdict, _ place: String, _ message: String) {
    self.verdict = verdict
    self.place = place
    self.message = message
  }
}
