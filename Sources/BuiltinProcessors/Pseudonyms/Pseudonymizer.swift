internal import Crypto
internal import ProcessorHost

/// Writes pseudonyms: `p1:`, the key's id, `:`, and 32 digits, for example `p1:2026-11:` and the digits. Equal values get
/// equal pseudonyms.
///
/// The first 24 digits are the first 96 bits of an HMAC-SHA-256 of the value. The last 8 are the first 32 bits of one of
/// those 96 bits, by which the key's owner knows his own pseudonyms: nobody else can make something that passes for
/// one, and so shows.
///
/// Belongs to one lane. The keyed state is computed once, so a value of up to 37 bytes costs two blocks of SHA-256, and
/// each 64 bytes beyond one more.
package struct Pseudonymizer {
  /// What is hashed before each value, so that this use of a key has nothing in common with any other.
  package static let domain = "processor-host/p1:"

  /// The same for the digits that prove a pseudonym.
  package static let proofDomain = "processor-host/p1-proof:"

  private static let digestLength = 12
  private static let proofLength = 4

  /// A key of the ring, by which its pseudonyms are recognised.
  private struct Known {
    var id: [UInt8]
    var proof: HMAC<SHA256>
  }

  private let authenticator: HMAC<SHA256>
  private let proof: HMAC<SHA256>
  /// What a pseudonym begins with.
  private let beginning: [UInt8]
  private let known: [Known]

  /// One that writes with the key in use, and knows the pseudonyms of all keys of the ring.
  package init(_ ring: PseudonymKeyRing) { self.init(ring.current, of: ring) }

  /// One that writes with a certain key of the ring, as looking up needs it.
  package init(_ key: PseudonymKey, of ring: PseudonymKeyRing) {
    authenticator = Self.keyed(key, Self.domain)
    proof = Self.keyed(key, Self.proofDomain)
    beginning = Array("p1:\(key.id):".utf8)
    known = ring.keys.map { Known(id: Array($0.id.utf8), proof: Self.keyed($0, Self.proofDomain)) }
  }

  private static func keyed(_ key: PseudonymKey, _ domain: String) -> HMAC<SHA256> {
    var authenticator = HMAC<SHA256>(key: key.secret)
    authenticator.update(data: Array(domain.utf8))
    return authenticator
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
      let digest = UnsafeRawBufferPointer(rebasing: code.prefix(Self.digestLength))
      Self.append(digest, to: &output)
      Self.withProof(of: digest, proof) { Self.append($0, to: &output) }
    }
  }

  private static func append(_ bytes: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    for byte in bytes {
      output.append(Hexadecimal.letter(byte >> 4))
      output.append(Hexadecimal.letter(byte & 15))
    }
  }

  private static func withProof<Result>(
    of digest: UnsafeRawBufferPointer, _ keyed: HMAC<SHA256>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    var keyed = keyed
    keyed.update(data: digest)
    return keyed.finalize().withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0.prefix(proofLength))) }
  }

  /// Appends the pseudonym of a number, which is that of its text.
  package func append(_ value: Int64, to output: inout [UInt8]) {
    CanonicalNumber.withText(of: value) { append($0, to: &output) }
  }

  /// Appends the pseudonym of a number, which is that of its text.
  package func append(_ value: Double, to output: inout [UInt8]) {
    CanonicalNumber.withText(of: value) { append($0, to: &output) }
  }

  /// Whether a value is a pseudonym that was made with one of the ring's keys. Something that only looks like one passes
  /// with a chance of one in four billion.
  package func isPseudonym(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    let idStart = 3
    let idEnd = value.count - 2 * (Self.digestLength + Self.proofLength) - 1
    guard idEnd > idStart, idEnd - idStart <= PseudonymKey.maximumIDLength, value[..<idStart].elementsEqual("p1:".utf8),
      value[idEnd] == UInt8(ascii: ":"),
      let key = known.first(where: { $0.id.elementsEqual(value[idStart..<idEnd]) })
    else { return false }
    let digits = UnsafeBufferPointer(rebasing: value[(idEnd + 1)...])
    return withUnsafeTemporaryAllocation(byteCount: Self.digestLength + Self.proofLength, alignment: 1) { bytes in
      for index in bytes.indices {
        guard let high = Self.digit(digits[2 * index]), let low = Self.digit(digits[2 * index + 1]) else {
          return false
        }
        bytes[index] = high << 4 | low
      }
      let digest = UnsafeRawBufferPointer(rebasing: bytes[..<Self.digestLength])
      return Self.withProof(of: digest, key.proof) { $0.elementsEqual(bytes[Self.digestLength...]) }
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
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
