internal import Crypto

/// What stands beside the rules in their directory about their approval.
package struct ApprovalFiles: Sendable {
  /// `rules.lock`; nil where there is none, an error where it is not one.
  package let lock: Result<RuleLock?, ApprovalError>
  /// `rules.sig`; nil where there is none, an error where it is not one.
  package let signatures: Result<RuleSignatures?, ApprovalError>
  /// A digest over both files' bytes. A set that waits for approval is to be looked at again when this changes, as the
  /// rules themselves do not change when somebody signs them.
  package let digest: String

  /// For a set that is in no directory: there is neither.
  package init() { self.init(lock: nil, signatures: nil) }

  package init(lock: RuleLock?, signatures: RuleSignatures?) {
    self.lock = .success(lock)
    self.signatures = .success(signatures)
    digest = Self.digest([lock.map { Array($0.text.utf8) }, signatures.map { Array($0.text.utf8) }])
  }

  /// Reads both files of a rules directory.
  package init(in directory: String) {
    let lockPath = "\(directory)/\(RuleLock.fileName)"
    let signaturesPath = "\(directory)/\(RuleSignatures.fileName)"
    let lockBytes = Self.bytes(lockPath)
    let signatureBytes = Self.bytes(signaturesPath)
    lock = lockBytes.flatMap { bytes in
      Result { () throws(ApprovalError) in
        try bytes.map { bytes throws(ApprovalError) in try RuleLock(parsing: bytes, path: lockPath) }
      }
    }
    signatures = signatureBytes.flatMap { bytes in
      Result { () throws(ApprovalError) in
        try bytes.map { bytes throws(ApprovalError) in try RuleSignatures(parsing: bytes, path: signaturesPath) }
      }
    }
    digest = Self.digest([try? lockBytes.get(), try? signatureBytes.get()])
  }

  private static func bytes(_ path: String) -> Result<[UInt8]?, ApprovalError> {
    Result { () throws(ApprovalError) in try SmallFile.read(path)?.bytes }
  }

  private static func digest(_ files: [[UInt8]?]) -> String {
    var hash = SHA256()
    for bytes in files {
      hash.update(data: Array("\(bytes?.count ?? -1)\n".utf8))
      hash.update(data: bytes ?? [])
    }
    return LowercaseHex.text(of: hash.finalize())
  }
}
