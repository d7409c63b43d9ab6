/// Why a decision could not be followed.
struct RefusedDecision: Error {
  var reason: String

  static let nothingPending = RefusedDecision("there is nothing to decide: no set was rolled back")

  init(_ reason: String) { self.reason = reason }
}
