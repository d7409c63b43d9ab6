internal import Crypto
internal import ProcessorHost

/// The private half of a signer's key: `alice.key`. It is never shown: printing and reflecting give its id alone.
///
///     processor-host private key 1
///     name alice
///     id 1f0c…
///     ed25519-seed …
package struct SigningKey: Sendable {
  static let format = "processor-host private key 1"

  private let key: Curve25519.Signing.PrivateKey
  package let verifyingKey: VerifyingKey

  /// A new key, from the system's random numbers.
  package init(name: String) throws(ApprovalError) { try self.init(name: name, Curve25519.Signing.PrivateKey()) }

  private init(name: String, _ key: Curve25519.Signing.PrivateKey) throws(ApprovalError) {
    self.key = key
    verifyingKey = try VerifyingKey(name: name, bytes: Array(key.publicKey.rawRepresentation))
  }

  /// Reads the text of a private key.
  /// - Throws: `ApprovalError`, which shows nothing of the file.
  package init(parsing bytes: [UInt8], path: String) throws(ApprovalError) {
    let text = try FormatText(bytes, format: Self.format, path: path, isSecret: true)
    let name = try text.value("name", at: 0)
    let id = try text.value("id", at: 1)
    guard let seed = LowercaseHex.bytes(try text.value("ed25519-seed", at: 2), count: 32),
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    else { throw text.error(4, "expected 'ed25519-seed' and 64 hexadecimal digits in lower case") }
    try text.expectEnd(after: 3)
    guard KeyName.isValid(name) else { throw text.error(2, KeyName.rule) }
    try self.init(name: String(name), key)
    guard id == verifyingKey.id else {
      throw text.error(3, "the id is not that of the key; the file was damaged or edited")
    }
  }

  /// Signs a statement.
  package func signature(over statement: SignatureStatement) throws(ApprovalError) -> RuleSignatures.Signature {
    guard let bytes = try? key.signature(for: statement.bytes) else { throw ApprovalError("the key cannot sign") }
    return RuleSignatures.Signature(keyID: verifyingKey.id, statement: statement, bytes: Array(bytes))
  }

  /// The text of the file, which is a secret.
  private var text: String {
    let seed = LowercaseHex.text(of: key.rawRepresentation)
    return "\(Self.format)\nname \(verifyingKey.name)\nid \(verifyingKey.id)\ned25519-seed \(seed)\n"
  }

  /// Writes `PATH.key`, for its owner alone, and `PATH.pub`. Neither may be there yet.
  package func write(to path: String) throws(ApprovalError) {
    // The public half first: no private key is left behind whose public one could not be written.
    try SmallFile.create(path + ".pub", verifyingKey.text, mode: 0o644)
    do throws(ApprovalError) {
      try SmallFile.create(path + ".key", text, mode: 0o600)
    } catch {
      SmallFile.remove(path + ".pub")
      throw error
    }
  }
}

extension SigningKey {
  /// A file of a private key, read.
  package struct File: Sendable {
    package let key: SigningKey
    /// That others may use the file, which is no error.
    package let warning: String?

    package init(contentsOf path: String) throws(ApprovalError) {
      let file = try SmallFile.require(path)
      key = try SigningKey(parsing: file.bytes, path: path)
      warning = file.warning(path)
    }
  }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(verifyingKey.name) (\(verifyingKey.id))" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["id": verifyingKey.id], displayStyle: .struct) }
}
