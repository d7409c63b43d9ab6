internal import Crypto
internal import ProcessorHost

/// Writes pseudonyms: `p1:`, the key's id, `:`, and the first 128 bits of an HMAC-SHA-256 as 32 digits, for example
/// `p1:2026-11:` and the digits. Equal values get equal pseudonyms.
///
/// Belongs to one lane. The keyed state is computed once, so a value of up to 37 bytes costs two blocks of SHA-256, and
/// each 64 bytes beyond one more.
package struct Pseudonymizer {
  /// What is hashed before each value, so that this use of a key has nothing in common with any other.
  package static let domain = "processor-host/p1:"

  private static let digestLength = 16

  private let authenticator: HMAC<SHA256>
  /// What a pseudonym begins with.
  private let beginning: [UInt8]
  /// The ids of all keys of the ring.
  private let ids: [[UInt8]]

  /// One that writes with the key in use, and knows the pseudonyms of all keys of the ring.
  package init(_ ring: PseudonymKeyRing) { self.init(ring.current, of: ring) }

  /// One that writes with a certain key of the ring, as looking up needs it.
  package init(_ key: PseudonymKey, of ring: PseudonymKeyRing) {
    var authenticator = HMAC<SHA256>(key: key.secret)
    authenticator.update(data: Array(Self.domain.utf8))
    self.authenticator = authenticator
    beginning = Array("p1:\(key.id):".utf8)
    ids = ring.keys.map { Array($0.id.utf8) }
  }

  /// Appends the pseudonym of a value.
  ///
  /// A value that is a pseudonym under one of the ring's keys already is appended as it is: hiding twice equals hiding
  /// once, and a gateway does not hash again what a sidecar did.
  package func append(_ value: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    if isPseudonym(value) {
      output += value
      return
    }
    var authenticator = authenticator
    authenticator.update(data: UnsafeRawBufferPointer(value))
    output += beginning
    authenticator.finalize().withUnsafeBytes { code in
      for byte in code.prefix(Self.digestLength) {
        output.append(Hexadecimal.letter(byte >> 4))
        output.append(Hexadecimal.letter(byte & 15))
      }
    }
  }

  /// Appends the pseudonym of a number, which is that of its text.
  package func append(_ value: Int64, to output: inout [UInt8]) {
    CanonicalNumber.withText(of: value) { append($0, to: &output) }
  }

  /// Appends the pseudonym of a number, which is that of its text.
  package func append(_ value: Double, to output: inout [UInt8]) {
    CanonicalNumber.withText(of: value) { append($0, to: &output) }
  }

  /// Whether a value has the form of a pseudonym under one of the ring's keys. That the digits came from a key cannot
  /// be told.
  package func isPseudonym(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    let idStart = 3
    let idEnd = value.count - 2 * Self.digestLength - 1
    guard idEnd > idStart, idEnd - idStart <= PseudonymKey.maximumIDLength, value[..<idStart].elementsEqual("p1:".utf8),
      value[idEnd] == UInt8(ascii: ":"), value[(idEnd + 1)...].allSatisfy(Self.isDigit)
    else { return false }
    return ids.contains { $0.elementsEqual(value[idStart..<idEnd]) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}

/// The keyed state would do for making pseudonyms, so it is shown no more than the secret is.
extension Pseudonymizer: CustomStringConvertible, CustomReflectable {
  package var description: String { "Pseudonymizer(\(String(decoding: beginning, as: UTF8.self)))" }
  package var customMirror: Mirror {
    Mirror(self, children: ["beginning": String(decoding: beginning, as: UTF8.self)], displayStyle: .struct)
  }
}
