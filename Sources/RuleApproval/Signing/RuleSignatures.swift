/// `rules.sig`: who signed a set of rules, a line each.
///
///     processor-host rules.sig 1
///     ed25519 1f0c… 7 8f43… 5be1…
///
/// A line has the key's id, the counter, the digest that was signed, and the signature. Id and digest are there to find
/// the key and to say what does not fit; that a line holds is up to the signature alone.
package struct RuleSignatures: Sendable, Equatable {
  package static let fileName = "rules.sig"
  static let format = "processor-host rules.sig 1"
  /// The most lines; each costs a check.
  static let maximumCount = 64

  package struct Signature: Sendable, Equatable {
    package var keyID: String
    package var statement: SignatureStatement
    package var bytes: [UInt8]

    package init(keyID: String, statement: SignatureStatement, bytes: [UInt8]) {
      self.keyID = keyID
      self.statement = statement
      self.bytes = bytes
    }

    fileprivate var line: String {
      "ed25519 \(keyID) \(statement.counter) \(statement.digest) \(LowercaseHex.text(of: bytes))\n"
    }
  }

  /// At most one of each key.
  package private(set) var signatures: [Signature] = []

  package init() {}

  /// Reads a file of signatures, strictly.
  /// - Throws: `ApprovalError` for the first line that is not as it has to be.
  package init(parsing bytes: [UInt8], path: String) throws(ApprovalError) {
    let text = try FormatText(bytes, format: Self.format, path: path)
    for line in text.lines {
      let words = line.text.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count == 5, words[0] == "ed25519", LowercaseHex.bytes(words[1], count: 8) != nil,
        let counter = DecimalNumber.value(words[2]), LowercaseHex.bytes(words[3], count: 32) != nil,
        let signature = LowercaseHex.bytes(words[4], count: 64)
      else { throw text.error(line.number, "expected 'ed25519', a key's id, a counter, a digest and a signature") }
      if let first = signatures.firstIndex(where: { $0.keyID == words[1] }) {
        throw text.error(line.number, "the key \(words[1]) has signed in line \(first + 2) already; each has one line")
      }
      guard signatures.count < Self.maximumCount else {
        throw text.error(line.number, "there are more than \(Self.maximumCount) signatures")
      }
      let statement = SignatureStatement(digest: String(words[3]), counter: counter)
      signatures.append(Signature(keyID: String(words[1]), statement: statement, bytes: signature))
    }
  }

  /// The counter with which a digest is signed unless the signer says otherwise: that of those who signed the same set,
  /// so that theirs and this count together, or one more than the largest.
  package func nextCounter(for digest: String) -> UInt64 {
    let largest = signatures.map(\.statement.counter).max() ?? 0
    return signatures.contains { $0.statement == SignatureStatement(digest: digest, counter: largest) }
      ? largest : largest + 1
  }

  /// How far a counter that nobody gave may be from one's own: lines of others are not checked, and one with the largest
  /// number there is would leave no next one.
  package static let largestStep: UInt64 = 1000

  /// The counter with which a key signed before; 0 where it did not.
  package func counter(of keyID: String) -> UInt64 {
    signatures.first { $0.keyID == keyID }?.statement.counter ?? 0
  }

  /// Adds a signature, in the place of one that the key has made before.
  package mutating func add(_ signature: Signature) {
    if let place = signatures.firstIndex(where: { $0.keyID == signature.keyID }) {
      signatures[place] = signature
    } else {
      signatures.append(signature)
    }
  }

  /// The text of the file.
  package var text: String { "\(Self.format)\n\(signatures.map(\.line).joined())" }

  /// Writes the file into a rules directory, in the place of one that may be there.
  package func write(to directory: String) throws(ApprovalError) {
    try SmallFile.replace("\(directory)/\(Self.fileName)", with: text)
  }
}
