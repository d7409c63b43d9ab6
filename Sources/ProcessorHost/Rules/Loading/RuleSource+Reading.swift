#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension RuleSource {
  /// The most bytes of a file of any kind in a rules directory. Tests hold spans, and may be longer than rules.
  static let maximumFileBytes = 1 << 20

  /// Reads a file of a rules directory.
  ///
  /// Anything but a regular file is refused: a pipe would hold the host up for ever, a device has no end.
  /// - Throws: `RuleErrors` where it cannot be read.
  init(_ file: String, in directory: String) throws(RuleErrors) {
    // A digest and a lock have names in lines.
    guard !file.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw Self.unreadable(file, "the file's name holds a control character; give it another name")
    }
    let descriptor = open("\(directory)/\(file)", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(file, "the file cannot be read; check its permissions") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Self.unreadable(file, "the file cannot be read: it is a directory, a pipe or the like; expected a file")
    }
    guard status.st_size <= Self.maximumFileBytes else {
      throw Self.unreadable(
        file, "the file has \(status.st_size) bytes; a file of the rules has at most \(Self.maximumFileBytes)")
    }
    var isFailed = false
    // It may have grown meanwhile, and is read again then.
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, filled in
      while filled < buffer.count {
        let count = readBytes(
          descriptor, UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]))
        if count > 0 {
          filled += count
        } else if count == 0 || errno != EINTR {
          isFailed = count < 0
          return
        }
      }
    }
    if isFailed { throw Self.unreadable(file, "the file cannot be read; check its permissions") }
    self.init(file: file, bytes: bytes)
  }

  private static func unreadable(_ file: String, _ message: String) -> RuleErrors {
    RuleErrors([RuleError(file: file, message: message)])
  }
}

private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}
