/// The keys of one name, such as `customers`: the one in use, and those from before a rotation.
public struct PseudonymKeyRing: Sendable, Equatable {
  /// One key or more. New pseudonyms are made with the first; those made with a later one are still recognised.
  public let keys: [PseudonymKey]

  /// The key with which pseudonyms are made.
  public var current: PseudonymKey { keys[0] }

  /// Keys, the one in use first.
  /// - Throws: `PseudonymKeyError` when there is none, or two have the same id.
  public init(_ keys: [PseudonymKey]) throws(PseudonymKeyError) {
    if keys.isEmpty { throw PseudonymKeyError(message: "there is no key") }
    for (index, key) in keys.enumerated() where keys[..<index].contains(where: { $0.id == key.id }) {
      throw PseudonymKeyError(message: "two keys have the id \(key.id)")
    }
    self.keys = keys
  }
}

/// The names by which rules and options speak of key rings.
public enum PseudonymKeyName {
  /// The most characters of a name.
  public static let maximumLength = 64

  /// Whether the text is a name: `a` to `z`, `0` to `9` and `-`, beginning with a letter.
  public static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= maximumLength else { return false }
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) && name.utf8.allSatisfy(PseudonymKey.isIDCharacter)
  }
}
