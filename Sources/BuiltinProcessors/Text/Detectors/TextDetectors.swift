/// The text detectors that need nothing but their name; `assignment` is made from the words of a rule.
package enum TextDetectors {
  /// All of them; those with few false alarms first.
  package static let all: [any TextDetector] = [
    CreditCardDetector(), EmailDetector(), JWTDetector(), BearerTokenDetector(), PrivateKeyDetector(),
    URLCredentialsDetector(), SignedURLDetector(), VendorTokenDetector(),
    IBANDetector(), USSocialSecurityNumberDetector(), IPAddressDetector(), PhoneDetector(),
  ]

  package static let names: [String] = all.map(\.name)

  package static func named(_ name: String) -> (any TextDetector)? { all.first { $0.name == name } }
}
