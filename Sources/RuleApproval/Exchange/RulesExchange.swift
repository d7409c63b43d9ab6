package import ProcessorHost

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Puts the files of another set into a rules directory: each is written beside its place, then renamed over it.
///
/// What is written first has names that are no rules'. So whatever cannot be written is known before anything has changed,
/// and the change itself is a few renames. Where one of them fails, `putBack` gives what was there.
package struct RulesExchange {
  /// A file of the directory by its path in it: what it said, and what it is to say; nil where there is none.
  private struct Change {
    var name: String
    var before: [UInt8]?
    var after: [UInt8]?
    var mode: mode_t = 0o644
  }

  private static let approvalFiles = [RuleLock.fileName, RuleSignatures.fileName]
  private static let lists = "lists"

  private let path: String
  private var changes: [Change] = []
  private let makesLists: Bool

  /// Writes the new files beside those that are there.
  /// - Parameters:
  ///   - path: the rules directory.
  ///   - running: what its files have to say now.
  ///   - candidate: what they are to say.
  ///   - source: where the candidate is, for its lock and signatures; what the directory has of these stays where the
  ///     candidate has none.
  /// - Throws: `ApprovalError` where that cannot be done; then nothing has changed.
  package init(
    of path: String, running: RuleDirectory, with candidate: RuleDirectory, from source: String
  ) throws(ApprovalError) {
    self.path = path
    try Self.checkNoLink(path)
    let there: RuleDirectory
    do { there = try RuleDirectory(contentsOf: path) } catch {
      throw ApprovalError(path: path, "the rules cannot be read: \(error)")
    }
    guard there == running else {
      throw ApprovalError(
        path: path,
        "the files are not what runs: somebody's edit is there that would be lost; mend it or take it back first")
    }
    let before = there.filesByPath
    let after = candidate.filesByPath
    makesLists = !candidate.lists.isEmpty && !Self.exists("\(path)/\(Self.lists)")
    if !makesLists, Self.exists("\(path)/\(Self.lists)") { try Self.checkNoLink("\(path)/\(Self.lists)") }
    for name in Set(before.keys).union(after.keys).sorted() where before[name] != after[name] {
      changes.append(Change(name: name, before: before[name], after: after[name]))
    }
    for name in Self.approvalFiles {
      guard let file = try SmallFile.read("\(source)/\(name)") else { continue }
      let known = try? SmallFile.read("\(path)/\(name)")?.bytes
      if known != file.bytes { changes.append(Change(name: name, before: known, after: file.bytes)) }
    }
    for index in changes.indices where changes[index].before != nil {
      try Self.checkNoLink("\(path)/\(changes[index].name)")
      if let mode = try? SmallFile.read("\(path)/\(changes[index].name)")?.mode {
        changes[index].mode = mode_t(mode)
      }
    }
    do throws(ApprovalError) {
      if makesLists, mkdir("\(path)/\(Self.lists)", 0o755) != 0 {
        throw ApprovalError(path: "\(path)/\(Self.lists)", "cannot be made: \(systemReason())")
      }
      for change in changes {
        guard let bytes = change.after else { continue }
        let place = place(beside: change.name)
        // One that a host left which ended meanwhile.
        unlink(place)
        try SmallFile.create(place, bytes, mode: change.mode)
      }
    } catch {
      discard()
      throw error
    }
  }

  /// How many files change.
  package var count: Int { changes.count }

  /// Puts the new files into their places, and removes those that the candidate has not.
  /// - Throws: `ApprovalError` where one of them cannot be; what was there has been put back then.
  package func commit() throws(ApprovalError) {
    for change in changes {
      let file = "\(path)/\(change.name)"
      let isDone = change.after == nil ? unlink(file) == 0 : rename(place(beside: change.name), file) == 0
      if isDone { continue }
      let reason = systemReason()
      discard()
      try putBack()
      throw ApprovalError(path: file, "cannot be replaced: \(reason); what was there was put back")
    }
    Folder.synchronize("\(path)/\(Self.lists)")
    Folder.synchronize(path)
  }

  /// Puts what was there into its places again.
  /// - Throws: `ApprovalError` for the first file with which that failed; the others are as they were.
  package func putBack() throws(ApprovalError) {
    var failure: ApprovalError?
    for change in changes {
      let file = "\(path)/\(change.name)"
      guard let bytes = change.before else {
        unlink(file)
        continue
      }
      if (try? SmallFile.read(file)?.bytes) == bytes { continue }
      let place = place(beside: change.name)
      do throws(ApprovalError) {
        unlink(place)
        try SmallFile.create(place, bytes, mode: change.mode)
        guard rename(place, file) == 0 else { throw ApprovalError(path: file, "cannot be put back: \(systemReason())") }
      } catch {
        failure = failure ?? error
      }
    }
    if makesLists { rmdir("\(path)/\(Self.lists)") }
    Folder.synchronize(path)
    if let failure { throw failure }
  }

  /// Removes what was written beside the rules.
  private func discard() {
    for change in changes where change.after != nil { unlink(place(beside: change.name)) }
    if makesLists { rmdir("\(path)/\(Self.lists)") }
  }

  /// Where a file is written before it is renamed: hidden, so that it is no rule's.
  private func place(beside name: String) -> String {
    let file = "\(path)/\(name)"
    return "\(Folder.parent(of: file))/.\(Folder.name(of: file)).promoted"
  }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// A link leads to what others write, as Kubernetes does for ConfigMaps: replaced by a file, it would lead there no more.
  private static func checkNoLink(_ path: String) throws(ApprovalError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw ApprovalError(path: path, "cannot be found: \(systemReason())") }
    if status.st_mode & S_IFMT == S_IFLNK {
      throw ApprovalError(path: path, "it is a link, as in a mounted ConfigMap, whose files others write")
    }
  }
}

extension RuleDirectory {
  /// What each file says, by its path in the directory.
  fileprivate var filesByPath: [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for source in [chain].compactMap(\.self) + Array(rules.values) + Array(tests.values) {
      files[source.file] = source.bytes
    }
    for list in lists.values { files["lists/\(list.file)"] = list.bytes }
    return files
  }
}
