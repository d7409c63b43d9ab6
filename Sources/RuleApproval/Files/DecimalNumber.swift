/// Counters and sequence numbers as decimal digits, which have one form as well: no sign, no zeros in front.
package enum DecimalNumber {
  /// The most digits; such a number is exact in a double, as metrics have it.
  package static let maximumDigits = 15
  package static let maximum: UInt64 = 999_999_999_999_999

  package static func value(_ text: some StringProtocol) -> UInt64? {
    guard text.utf8.count <= maximumDigits, let value = UInt64(text), String(value) == text else { return nil }
    return value
  }
}
