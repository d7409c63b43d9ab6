internal import Crypto
internal import ProcessorHost

/// The public half of a signer's key: `alice.pub`.
///
///     processor-host public key 1
///     name alice
///     id 1f0c…
///     ed25519 9d2e…
package struct VerifyingKey: Sendable, Hashable {
  static let format = "processor-host public key 1"

  /// The signer's name, by which reasons and reports call the key.
  package let name: String
  package let bytes: [UInt8]
  /// The first 16 hexadecimal digits of the SHA-256 of the key.
  package let id: String

  /// - Throws: `ApprovalError` for bytes with which no signature should be checked.
  package init(name: String, bytes: [UInt8]) throws(ApprovalError) {
    guard KeyName.isValid(name) else { throw ApprovalError(KeyName.rule) }
    if let fault = EdwardsPoint.fault(in: bytes) { throw ApprovalError(fault) }
    self.name = name
    self.bytes = bytes
    id = LowercaseHex.text(of: SHA256.hash(data: bytes).prefix(8))
  }

  /// Reads a file of a public key.
  package init(contentsOf path: String) throws(ApprovalError) {
    try self.init(parsing: SmallFile.require(path).bytes, path: path)
  }

  /// Reads the text of a public key.
  package init(parsing bytes: [UInt8], path: String) throws(ApprovalError) {
    // A private key in this place is nothing to show.
    let text = try FormatText(bytes, format: Self.format, path: path, isSecret: true)
    let name = try text.value("name", at: 0)
    let id = try text.value("id", at: 1)
    guard let key = LowercaseHex.bytes(try text.value("ed25519", at: 2), count: 32) else {
      throw text.error(4, "expected 'ed25519' and 64 hexadecimal digits in lower case")
    }
    try text.expectEnd(after: 3)
    guard KeyName.isValid(name) else { throw text.error(2, KeyName.rule) }
    do throws(ApprovalError) {
      try self.init(name: String(name), bytes: key)
    } catch {
      throw text.error(4, error.message)
    }
    guard id == self.id else {
      throw text.error(3, "the id is not that of the key, which is \(self.id); the file was damaged or edited")
    }
  }

  /// The text of the file.
  package var text: String {
    "\(Self.format)\nname \(name)\nid \(id)\ned25519 \(LowercaseHex.text(of: bytes))\n"
  }

  /// Whether the bytes are a signature of this key over the statement.
  package func isValid(_ signature: [UInt8], over statement: SignatureStatement) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
    return key.isValidSignature(signature, for: statement.bytes)
  }
}
