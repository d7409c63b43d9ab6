internal import ProcessorHost

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Files of a few lines, read and written whole.
struct SmallFile {
  /// The most bytes of one; the lock of 256 rules with their tests and lists stays well below.
  static let maximumBytes = 1 << 20

  let bytes: [UInt8]
  /// The permission bits.
  let mode: Int

  /// Reads a file; nil where there is none.
  ///
  /// Anything but a regular file is refused: a pipe in its place would hold the host up for ever.
  static func read(_ path: String) throws(ApprovalError) -> SmallFile? {
    guard let file = Descriptor.opened(path, O_RDONLY | O_NONBLOCK) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw ApprovalError(path: path, "the file cannot be read: \(systemReason())")
    }
    guard let status = file.status, status.st_mode & S_IFMT == S_IFREG else {
      throw ApprovalError(path: path, "expected a file, found something else, such as a directory or a pipe")
    }
    guard let bytes = file.read(maximumBytes + 1) else {
      throw ApprovalError(path: path, "the file cannot be read: \(systemReason())")
    }
    guard bytes.count <= maximumBytes else {
      throw ApprovalError(path: path, "the file is larger than \(maximumBytes) bytes")
    }
    return SmallFile(bytes: bytes, mode: Int(status.st_mode & 0o777))
  }

  /// Reads a file that has to be there.
  static func require(_ path: String) throws(ApprovalError) -> SmallFile {
    guard let file = try read(path) else { throw ApprovalError(path: path, "there is no such file") }
    return file
  }

  /// A warning where others than the owner may use a file that should be secret; nil where all is well. Mounted secrets
  /// often are so, and therefore it is no error.
  func warning(_ path: String) -> String? {
    guard mode & 0o077 != 0 else { return nil }
    let digits = "0" + String(mode, radix: 8)
    return "\(String.printable(path)): others than its owner may use this secret (mode \(digits)); chmod 600 ends that"
  }

  /// Puts a file in the place of one that may be there. Whoever reads sees the old or the new one, whole, after a crash
  /// too.
  static func replace(_ path: String, with text: String, mode: mode_t = 0o644) throws(ApprovalError) {
    let folder = Folder.parent(of: path)
    let temporary = "\(folder)/.\(Folder.name(of: path)).\(UInt64.random(in: 0 ... .max)).partial"
    do throws(ApprovalError) {
      try create(temporary, text, mode: mode)
      guard rename(temporary, path) == 0 else {
        throw ApprovalError(path: path, "cannot be written: \(systemReason())")
      }
    } catch {
      unlink(temporary)
      throw ApprovalError(path: path, error.message)
    }
    Folder.synchronize(folder)
  }

  static func remove(_ path: String) { unlink(path) }

  /// Writes a file that must not be there yet, not as a link either.
  static func create(_ path: String, _ text: String, mode: mode_t) throws(ApprovalError) {
    try create(path, Array(text.utf8), mode: mode)
  }

  /// The same for bytes, whatever they are.
  static func create(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(ApprovalError) {
    guard let file = Descriptor.opened(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode) else {
      let reason = errno == EEXIST ? "there is such a file already, and it is not overwritten" : systemReason()
      throw ApprovalError(path: path, "cannot be written: \(reason)")
    }
    // The mode again, as the process may mask bits out of that of a new file.
    guard fchmod(file.number, mode) == 0, file.write(bytes) == bytes.count, file.synchronize() else {
      let reason = systemReason()
      unlink(path)
      throw ApprovalError(path: path, "cannot be written: \(reason)")
    }
    Folder.synchronize(Folder.parent(of: path))
  }
}
