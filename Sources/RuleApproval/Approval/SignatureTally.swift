/// Which of the signatures beside a set of rules count.
package struct SignatureTally: Sendable {
  /// What is to be said of one signature.
  package enum Standing: Sendable, Equatable {
    /// Of a trusted key, over this set.
    case valid
    /// Of a key that is not trusted.
    case unknownKey
    /// Over another set, as its line has it.
    case otherSet
    /// Of a trusted key by its id, and not made by it, or damaged.
    case invalid
  }

  /// A signature of the file.
  package struct Entry: Sendable {
    package var keyID: String
    /// Nil for a key that is not trusted.
    package var name: String?
    package var counter: UInt64
    package var standing: Standing

    /// `alice (1f0c…): signed with counter 7`
    package var description: String {
      let signer = name.map { "\($0) (\(keyID))" } ?? keyID
      return switch standing {
      case .valid: "\(signer): signed with counter \(counter)"
      case .unknownKey: "\(signer): not a trusted key"
      case .otherSet: "\(signer): signed another set of rules, with counter \(counter)"
      case .invalid: "\(signer): the signature does not hold; it was damaged, or made with another key"
      }
    }
  }

  package let entries: [Entry]
  private let policy: ApprovalPolicy

  package init(_ signatures: RuleSignatures, of digest: String, _ policy: ApprovalPolicy) {
    self.policy = policy
    entries = signatures.signatures.map { signature in
      let key = policy.trusted.first { $0.id == signature.keyID }
      let standing: Standing
      if let key {
        if signature.statement.digest != digest {
          standing = .otherSet
        } else {
          standing = key.isValid(signature.bytes, over: signature.statement) ? .valid : .invalid
        }
      } else {
        standing = .unknownKey
      }
      return Entry(
        keyID: signature.keyID, name: key?.name, counter: signature.statement.counter, standing: standing)
    }
  }

  /// The largest counter with which enough keys signed; nil where they did with none.
  package var counter: UInt64? {
    let counters = Dictionary(grouping: entries.filter { $0.standing == .valid }, by: \.counter)
    return counters.filter { Set($0.value.map(\.keyID)).count >= policy.threshold }.keys.max()
  }

  /// The names of the keys that signed with a counter, in the policy's order.
  package func signers(with counter: UInt64) -> [String] {
    let ids = entries.filter { $0.standing == .valid && $0.counter == counter }.map(\.keyID)
    return policy.trusted.filter { ids.contains($0.id) }.map(\.name)
  }

  /// Why the signatures are not enough.
  var shortfall: String {
    let needed = policy.threshold == 1 ? "a signature is needed" : "\(policy.threshold) signatures are needed"
    if entries.isEmpty { return "\(needed), and there is none" }
    let counters = Set(entries.filter { $0.standing == .valid }.map(\.counter)).sorted()
    // Two who signed the same set, each with a counter of his own, need to be told how they come together.
    let hint =
      counters.count > 1
      ? "; those that count together have the same counter, so sign with --counter \(counters[counters.count - 1])" : ""
    return
      "\(needed), by \(policy.threshold > 1 ? "different ones of " : "")\(policy.trusted.map(\.name).joined(separator: policy.threshold > 1 ? ", " : " or "))\(policy.threshold > 1 ? ", with the same counter" : ""); "
      + "found: \(entries.prefix(8).map(\.description).joined(separator: "; "))\(hint)"
  }
}
