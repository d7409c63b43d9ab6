/// What came of the wish to make a candidate the rules that run, as `/rules/promote` answers.
struct PromotionDocument: Codable {
  /// `promoted` or `refused`.
  var outcome: String
  /// What was done, or why nothing was; several where several things are wrong.
  var messages: [String]
  /// What is in force now.
  var number: Int
  var digest: String
}
