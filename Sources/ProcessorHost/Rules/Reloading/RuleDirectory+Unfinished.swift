extension RuleDirectory {
  /// Whether a file may be half written: its last line has no end, and had one, or was not there, in the set that runs.
  ///
  /// Half a list is a list: one that hides less.
  package func mayBeUnfinished(since running: RuleDirectory) -> Bool {
    let before = running.files
    return files.contains { name, bytes in
      let wasWhole = before[name].map { $0.last == UInt8(ascii: "\n") } ?? true
      return wasWhole && bytes.last != UInt8(ascii: "\n")
    }
  }

  /// Checks that no file is empty that was not empty in the set that runs.
  ///
  /// Many programs write a file by emptying it first, and may end there.
  /// - Throws: `RuleErrors` that name the files.
  func checkNothingEmptied(since running: RuleDirectory) throws(RuleErrors) {
    let before = running.files
    let emptied = files.filter { name, bytes in bytes.isEmpty && before[name]?.isEmpty != true }
    if emptied.isEmpty { return }
    throw RuleErrors(
      emptied.keys.sorted().map { name in
        RuleError(
          file: name,
          message: "the file is empty, like one that is still being written; if it is meant to hold nothing, write a "
            + "comment into it")
      })
  }

  /// What each file says, by its path in the directory.
  private var files: [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for source in [chain].compactMap(\.self) + Array(rules.values) + Array(tests.values) {
      files[source.file] = source.bytes
    }
    for source in lists.values { files["lists/" + source.file] = source.bytes }
    return files
  }
}
