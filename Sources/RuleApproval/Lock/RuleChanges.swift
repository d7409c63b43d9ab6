/// What changed from one state of a rules directory to another, by names of files.
package struct RuleChanges: Sendable, Equatable {
  /// Files that are in both with other bytes.
  package var changed: [String] = []
  package var added: [String] = []
  package var removed: [String] = []

  /// From the files that a lock names to those that are there.
  package init(from locked: RuleFiles, to found: RuleFiles) {
    changed = found.paths.filter { locked.digests[$0] != nil && locked.digests[$0] != found.digests[$0] }
    added = found.paths.filter { locked.digests[$0] == nil }
    removed = locked.paths.filter { found.digests[$0] == nil }
  }

  package var isEmpty: Bool { changed.isEmpty && added.isEmpty && removed.isEmpty }

  /// `changed redact.lua; added b.lua; removed lists/words.txt`, at most eight names of each.
  package var description: String {
    [("changed", changed), ("added", added), ("removed", removed)]
      .filter { !$0.1.isEmpty }
      .map { verb, names in
        let rest = names.count > 8 ? " and \(names.count - 8) more" : ""
        return "\(verb) \(names.prefix(8).joined(separator: ", "))\(rest)"
      }
      .joined(separator: "; ")
  }
}
