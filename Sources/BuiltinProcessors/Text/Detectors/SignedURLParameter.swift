/// A parameter of a URL by its name, as far as names matter in presigned URLs.
enum SignedURLParameter {
  /// Gives access wherever it stands.
  case secret
  case signature
  /// Azure's signature.
  case sig
  case policy
  /// One that Azure has beside `sig`: expiry, permissions, version, resource.
  case azureField
  case other

  /// What stands in a URL.
  struct Neighbours: OptionSet {
    let rawValue: UInt8

    static let secret = Neighbours(rawValue: 1)
    static let signature = Neighbours(rawValue: 2)
    static let sig = Neighbours(rawValue: 4)
    static let azureField = Neighbours(rawValue: 8)
  }

  init<Text: ByteText>(_ name: Range<Int>, _ text: Text) {
    let start = name.lowerBound
    switch name.count {
    case 2:
      let isField =
        text.hasInAnyCase("se", at: start) || text.hasInAnyCase("sp", at: start)
        || text.hasInAnyCase("sv", at: start) || text.hasInAnyCase("sr", at: start)
      self = isField ? .azureField : .other
    case 3: self = text.hasInAnyCase("sig", at: start) ? .sig : .other
    case 6: self = text.hasInAnyCase("policy", at: start) ? .policy : .other
    case 9: self = text.hasInAnyCase("signature", at: start) ? .signature : .other
    case 11: self = text.hasInAnyCase("key-pair-id", at: start) ? .secret : .other
    case 14, 15, 16, 17, 18, 20, 21:
      self = Self.isAlwaysSecret(start, name.count, text) ? .secret : .other
    default: self = .other
    }
  }

  private static func isAlwaysSecret<Text: ByteText>(_ start: Int, _ count: Int, _ text: Text) -> Bool {
    switch count {
    case 14:
      return text.hasInAnyCase("awsaccesskeyid", at: start) || text.hasInAnyCase("ossaccesskeyid", at: start)
        || text.hasInAnyCase("googleaccessid", at: start)
    default:
      let rest: Int
      if text.hasInAnyCase("x-amz-", at: start) || text.hasInAnyCase("x-oss-", at: start) {
        rest = start + 6
      } else if text.hasInAnyCase("x-goog-", at: start) {
        rest = start + 7
      } else {
        return false
      }
      switch start + count - rest {
      case 9: return text.hasInAnyCase("signature", at: rest)
      case 10: return text.hasInAnyCase("credential", at: rest)
      case 14: return text.hasInAnyCase("security-token", at: rest)
      default: return false
      }
    }
  }

  /// Whether its value could be a secret.
  var hasValue: Bool {
    switch self {
    case .secret, .signature, .sig, .policy: true
    case .azureField, .other: false
    }
  }

  var neighbours: Neighbours {
    switch self {
    case .secret: .secret
    case .signature: .signature
    case .sig: .sig
    case .azureField: .azureField
    case .policy, .other: []
    }
  }

  /// Whether a value of so many bytes gives access, given what else the URL has.
  func isSecret(_ length: Int, beside others: Neighbours) -> Bool {
    switch self {
    case .secret: true
    case .signature: length >= 16 || others.contains(.secret)
    case .sig: length >= 40 || others.contains(.azureField)
    case .policy: others.contains(.secret)
    case .azureField, .other: false
    }
  }
}
