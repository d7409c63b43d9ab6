/// A word before the credentials of an `Authorization` header.
enum AuthorizationScheme {
  /// One word of credentials follows.
  case word
  /// Parameters follow, with commas and quotes between them.
  case parameters

  init?(_ name: UnsafeBufferPointer<UInt8>) {
    for (candidate, kind) in Self.names where candidate.count == name.count {
      if zip(candidate, name).allSatisfy({ $0 == $1.smallLetter }) {
        self = kind
        return
      }
    }
    return nil
  }

  private static let names: [(name: [UInt8], kind: AuthorizationScheme)] =
    list("bearer basic token apikey api-key negotiate ntlm dpop jwt bot splunk key aws gnap", .word)
    + list("sharedkey sharedkeylite genie-key privatetoken", .word)
    + list("digest aws4-hmac-sha256 goog4-rsa-sha256 hawk oauth mac signature", .parameters)
    + list("sharedaccesssignature scram-sha-256 vapid hoba", .parameters)

  private static func list(_ names: String, _ kind: AuthorizationScheme) -> [(name: [UInt8], kind: AuthorizationScheme)]
  {
    names.split(separator: " ").map { (Array($0.utf8), kind) }
  }
}
