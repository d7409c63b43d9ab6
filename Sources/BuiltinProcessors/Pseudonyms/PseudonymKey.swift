internal import Crypto
internal import ProcessorHost

/// A secret with which values are turned into pseudonyms, and its id, which stands in each of them.
///
/// The secret is never shown: printing, reflecting and dumping a key give its id alone.
public struct PseudonymKey: Sendable, Equatable {
  /// The least bytes of a secret.
  public static let minimumSecretLength = 32
  /// The most characters of an id.
  public static let maximumIDLength = 16

  /// 1 to 16 characters out of `a` to `z`, `0` to `9` and `-`. It is no secret.
  public let id: String
  let secret: SymmetricKey

  /// A key from bytes that the caller has, such as from a vault.
  /// - Throws: `PseudonymKeyError` for an id or a secret that does not fit.
  public init(id: String, secret: [UInt8]) throws(PseudonymKeyError) {
    let characters = Array(id.utf8)
    if let fault = Self.fault(inID: characters[...]) { throw PseudonymKeyError(message: fault) }
    guard secret.count >= Self.minimumSecretLength else {
      throw PseudonymKeyError(
        message: "a secret has \(Self.minimumSecretLength) bytes or more; this one has \(secret.count)")
    }
    self.id = id
    self.secret = SymmetricKey(data: secret)
  }

  /// The line of a key file for a new key, its secret from the system's random numbers.
  /// - Throws: `PseudonymKeyError` for an id that does not fit.
  public static func newLine(id: String) throws(PseudonymKeyError) -> String {
    let key = try PseudonymKey(id: id, secret: (0..<minimumSecretLength).map { _ in UInt8.random(in: 0...255) })
    let digits = key.secret.withUnsafeBytes {
      $0.flatMap { [Hexadecimal.letter($0 >> 4), Hexadecimal.letter($0 & 15)] }
    }
    return "\(id): \(String(decoding: digits, as: UTF8.self))"
  }

  /// What is wrong with an id, without showing it: in a file that was mixed up, a secret may stand in its place.
  static func fault(inID id: ArraySlice<UInt8>) -> String? {
    let rule = "an id has 1 to \(maximumIDLength) characters out of a-z, 0-9 and -"
    if id.isEmpty { return "\(rule); here is none" }
    if id.count > maximumIDLength { return "\(rule); this one has \(id.count) bytes" }
    guard let other = id.firstIndex(where: { !isIDCharacter($0) }) else { return nil }
    return "\(rule); byte \(other - id.startIndex + 1) of this one is \(kind(of: id[other]))"
  }

  static func isIDCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// What a byte is, in words that do not give it away.
  static func kind(of byte: UInt8) -> String {
    switch byte {
    case 0x09, 0x20: "white space"
    case ..<0x20, 0x7F: "a control character"
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): "a capital letter"
    case UInt8(ascii: "a")...UInt8(ascii: "z"): "a small letter"
    case UInt8(ascii: "0")...UInt8(ascii: "9"): "a digit"
    case 0x80...: "not ASCII"
    default: "another sign"
    }
  }
}

extension PseudonymKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The id.
  public var description: String { id }
  /// The id.
  public var debugDescription: String { id }
  /// The id alone.
  public var customMirror: Mirror { Mirror(self, children: ["id": id], displayStyle: .struct) }
}
