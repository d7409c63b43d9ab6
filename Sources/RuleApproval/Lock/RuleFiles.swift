internal import Crypto
package import ProcessorHost

/// The files of a rules directory by their paths in it, with the SHA-256 of each.
package struct RuleFiles: Sendable, Equatable {
  /// The digest of each file, 64 hexadecimal digits, by its path: `redact.lua`, `lists/secret_words.txt`.
  package var digests: [String: String]

  init(digests: [String: String]) { self.digests = digests }

  /// The files of a directory.
  /// - Throws: `ApprovalError` for a file whose name could not stand in a line by itself, or passes for another.
  package init(_ directory: RuleDirectory) throws(ApprovalError) {
    digests = [:]
    let sources = [directory.chain].compactMap(\.self) + directory.rules.values + directory.tests.values
    for source in sources { try add(source, as: source.file) }
    for list in directory.lists.values { try add(list, as: "lists/\(list.file)") }
  }

  private mutating func add(_ source: RuleSource, as path: String) throws(ApprovalError) {
    if let fault = Self.fault(in: path) { throw ApprovalError(path: path, fault) }
    digests[path] = LowercaseHex.text(of: SHA256.hash(data: source.bytes))
  }

  /// What is wrong with a path; nil where it is that of a file of the rules.
  static func fault(in path: String) -> String? {
    let name = path.hasPrefix("lists/") ? String(path.dropFirst("lists/".count)) : path
    guard name.hasSuffix(path == name ? ".lua" : ".txt"), !name.utf8.contains(UInt8(ascii: "/")), !name.hasPrefix(".")
    else { return "expected the name of a file of the rules: NAME.lua or lists/NAME.txt" }
    // A line's end in a name would make two files of one, and what cannot be seen cannot be reviewed.
    guard String.printable(name) == name else {
      return "the file's name has a character that cannot be seen; rename it"
    }
    return nil
  }

  /// The paths in order of their bytes.
  var paths: [String] { digests.keys.sorted(by: Self.precedes) }

  static func precedes(_ first: String, _ second: String) -> Bool {
    first.utf8.lexicographicallyPrecedes(second.utf8)
  }
}
