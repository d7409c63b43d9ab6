/// What came of a decision about a rollback, as `/rules/accept` and `/rules/revert` answer.
struct DecisionDocument: Codable {
  /// `accepted`, `reverted` or `refused`.
  var outcome: String
  /// What was done, or why nothing was.
  var message: String
  /// What is in force now.
  var number: Int
  var digest: String
}
