/// The text detectors that need nothing but their name; `assignment` is made from the words of a rule.
///
/// Their triggers have to be looked for all together, whichever detectors are asked for. Vectorscan 5.4.9 misses some
/// matches where few expressions are compiled that begin with a few pairs of letters, `(?i)bearer ` and `(?i)basic ` for
/// one: the step that skips to the next such pair loses those across two of its blocks. Among many literals it finds all.
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
