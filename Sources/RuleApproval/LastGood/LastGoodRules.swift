internal import BuiltinProcessors
package import ProcessorHost

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The set of rules that ran last, kept on disk, so that a host whose rules were broken while it was down starts with it.
///
/// Below the given directory each set stands in a directory that is named by its digest, and `current` is a link to the
/// one that counts. The link is exchanged whole, so that a crash leaves the old set or the new one.
package struct LastGoodRules: Sendable {
  /// Where they are kept.
  package let path: String

  private static let link = "current"
  /// What stands beside the rules about their approval, which is judged again.
  private static let approvalFiles = [RuleLock.fileName, RuleSignatures.fileName]

  /// - Throws: `ApprovalError` for a directory inside the rules directory, where the copy would be a part of them.
  package init(path: String, rulesDirectory: String?) throws(ApprovalError) {
    // The second holds for the rules directory itself.
    if let rulesDirectory, [path, "\(path)/\(Self.link)"].contains(where: { Folder.contains(rulesDirectory, $0) }) {
      throw ApprovalError(path: path, "the last good rules cannot be kept in the rules directory; keep them elsewhere")
    }
    self.path = path
  }

  /// The directory of the set that counts.
  package var current: String { "\(path)/\(Self.link)" }

  /// Whether one is kept.
  package var isThere: Bool { readLink(current) != nil }

  /// Reads the set that was kept; nil where none was.
  /// - Throws: `RuleErrors` where it cannot be read, or is not what was kept.
  package func load() throws(RuleErrors) -> RuleDirectory? {
    guard let target = readLink(current) else { return nil }
    guard Self.isDigest(target) else {
      throw RuleErrors([
        RuleError(file: current, message: "the link is none of this host's: it does not point to a set beside it")
      ])
    }
    let directory = try RuleDirectory(contentsOf: current)
    guard directory.digest == target else {
      throw RuleErrors([
        RuleError(
          file: current,
          message:
            "the last good rules are not what was kept: their digest is \(directory.digest); remove the directory")
      ])
    }
    return directory
  }

  /// What stands in a directory about its approval, by the files' names: to be kept with the set later, when the directory
  /// may hold another.
  package static func approval(in source: String) throws(ApprovalError) -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for file in approvalFiles { files[file] = try SmallFile.read("\(source)/\(file)")?.bytes }
    return files
  }

  /// Keeps a set in the place of the one before.
  /// - Parameter source: the directory it was read from, for its lock and signatures.
  /// - Throws: `ApprovalError` where it cannot be written; what was kept before stays.
  package func keep(_ directory: RuleDirectory, from source: String) throws(ApprovalError) {
    try keep(directory, approval: try Self.approval(in: source))
  }

  /// The same with its lock and signatures as they were read before.
  package func keep(_ directory: RuleDirectory, approval: [String: [UInt8]]) throws(ApprovalError) {
    let digest = directory.digest
    let folder = "\(path)/\(digest)"
    let before = readLink(current)
    if let before, !Self.isDigest(before) {
      throw ApprovalError(
        path: current, "the link is none of this host's: it does not point to a set beside it; name another directory")
    }
    if before == digest {
      // Only what is said about the set may be new.
      try keep(approval, in: folder)
      return
    }
    try make(path)
    // What a crash has left of it is written anew.
    remove(folder)
    try make(folder)
    let rules = Array(directory.rules.values) + Array(directory.tests.values)
    for file in rules + [directory.chain].compactMap(\.self) { try write(file.bytes, to: "\(folder)/\(file.file)") }
    if !directory.lists.isEmpty { try make("\(folder)/lists") }
    for list in directory.lists.values { try write(list.bytes, to: "\(folder)/lists/\(list.file)") }
    try keep(approval, in: folder)
    Folder.synchronize(folder)
    let partial = "\(path)/.\(Self.link).partial"
    unlink(partial)
    guard symlink(digest, partial) == 0, rename(partial, current) == 0 else {
      throw ApprovalError(path: path, "the last good rules cannot be kept: \(systemReason())")
    }
    Folder.synchronize(path)
    if let before, before != digest { remove("\(path)/\(before)") }
  }

  /// Whether a name is one under which a set is kept; whatever else a link points to is somebody else's.
  private static func isDigest(_ name: String) -> Bool { LowercaseHex.bytes(Substring(name), count: 32) != nil }

  private func keep(_ approval: [String: [UInt8]], in folder: String) throws(ApprovalError) {
    for file in Self.approvalFiles {
      if let bytes = approval[file] {
        try write(bytes, to: "\(folder)/\(file)")
      } else {
        unlink("\(folder)/\(file)")
      }
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws(ApprovalError) {
    unlink(path)
    try SmallFile.create(path, bytes, mode: 0o600)
  }

  private func make(_ folder: String) throws(ApprovalError) {
    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw ApprovalError(path: folder, "the last good rules cannot be kept: \(systemReason())")
    }
  }

  /// Removes a set: its files, and those of its lists.
  private func remove(_ folder: String) {
    for below in ["\(folder)/lists", folder] {
      guard let entries = opendir(below) else { continue }
      var names: [String] = []
      while let entry = readdir(entries) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
      }
      closedir(entries)
      for name in names { unlink("\(below)/\(name)") }
      rmdir(below)
    }
  }

  /// The name that a link points to; nil for what is none.
  private func readLink(_ path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = buffer.withUnsafeMutableBytes { raw in
      raw.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress.map { readlink(path, $0, characters.count) } ?? -1
      }
    }
    guard count > 0, count < buffer.count else { return nil }
    return String(validating: buffer[..<count], as: UTF8.self)
  }
}
