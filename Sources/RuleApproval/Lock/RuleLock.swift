internal import BuiltinProcessors
package import ProcessorHost

/// `rules.lock`: which files a rules directory has, and what is in them, by SHA-256.
///
/// It protects against accident: whoever may write the rules may write the lock too. The text:
///
///     processor-host rules.lock 1
///     digest 8f43…
///     file 0b1c… chain.lua
///     file 77aa… lists/secret_words.txt
package struct RuleLock: Sendable, Equatable {
  package static let fileName = "rules.lock"
  static let format = "processor-host rules.lock 1"

  /// `RuleDirectory.digest`.
  package let digest: String
  package let files: RuleFiles

  /// The lock of a directory as it is.
  /// - Throws: `ApprovalError` for a file whose name cannot be locked.
  package init(_ directory: RuleDirectory) throws(ApprovalError) {
    files = try RuleFiles(directory)
    digest = directory.digest
  }

  /// Reads a lock. The reading is strict: a lock has one text.
  /// - Throws: `ApprovalError` for the first line that is not as it has to be.
  package init(parsing bytes: [UInt8], path: String) throws(ApprovalError) {
    let text = try FormatText(bytes, format: Self.format, path: path)
    let digest = try text.value("digest", at: 0)
    guard LowercaseHex.bytes(digest, count: 32) != nil else {
      throw text.error(2, "expected 'digest' and 64 hexadecimal digits in lower case")
    }
    self.digest = String(digest)
    var digests: [String: String] = [:]
    var last = ""
    for line in text.lines.dropFirst() {
      let words = line.text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
      guard words.count == 3, words[0] == "file", LowercaseHex.bytes(words[1], count: 32) != nil else {
        throw text.error(line.number, "expected 'file', 64 hexadecimal digits in lower case and a name")
      }
      let name = String(words[2])
      if let fault = RuleFiles.fault(in: name) { throw text.error(line.number, fault) }
      guard digests[name] == nil else { throw text.error(line.number, "the file \(name) stands here twice") }
      guard RuleFiles.precedes(last, name) else {
        throw text.error(line.number, "the file \(name) is not in the order of names")
      }
      digests[name] = String(words[1])
      last = name
    }
    files = RuleFiles(digests: digests)
  }

  /// The text of the file.
  package var text: String {
    let lines = files.paths.map { "file \(files.digests[$0] ?? "") \($0)\n" }
    return "\(Self.format)\ndigest \(digest)\n\(lines.joined())"
  }

  /// Writes the lock into a rules directory, in the place of one that may be there.
  package func write(to directory: String) throws(ApprovalError) {
    try SmallFile.replace("\(directory)/\(Self.fileName)", with: text)
  }
}
