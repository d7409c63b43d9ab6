public import ProcessorHost

extension HidePolicy {
  /// Hides what is secret in most services, with a mark: what stands under `SecretWords.standard`, and what those text
  /// detectors find that have few false alarms.
  public static let standard = HidePolicy([
    HideStep(.words(SecretWords.standard, except: SecretWords.harmlessNames), origin: "HidePolicy.standard"),
    HideStep(.text(standardTextDetectors), origin: "HidePolicy.standard"),
  ])

  /// The text detectors with few false alarms, those whose finds weigh most first. The others take an address, an
  /// account or a number for a secret that often is none, so they have to be asked for.
  package static let standardTextDetectors = [
    "private_key", "vendor_token", "url_credentials", "signed_url", "bearer_token", "jwt", "assignment", "credit_card",
    "email",
  ]

  /// The text detectors that have to be asked for, those whose finds weigh most first.
  package static let furtherTextDetectors = ["us_ssn", "iban", "phone", "ip_address"]
}

extension HideMatcher {
  /// The names of all text detectors, those whose finds weigh most first; what each finds is in docs/hiding.md.
  public static let textDetectors = HidePolicy.standardTextDetectors + HidePolicy.furtherTextDetectors
}
