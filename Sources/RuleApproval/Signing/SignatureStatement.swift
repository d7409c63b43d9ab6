/// What a signer says: that a set of rules may run, as the set of this number.
package struct SignatureStatement: Sendable, Hashable {
  /// `RuleDirectory.digest`.
  package var digest: String
  /// Grows with each set that is signed, so that an older one cannot be put in place of a newer one.
  package var counter: UInt64

  package init(digest: String, counter: UInt64) {
    self.digest = digest
    self.counter = counter
  }

  /// What is signed. The first line is this format's own, so that no signature over anything else passes for one.
  var bytes: [UInt8] { Array("processor-host rules signature 1\ndigest \(digest)\ncounter \(counter)\n".utf8) }
}
