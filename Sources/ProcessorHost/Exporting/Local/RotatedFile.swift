#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file that lines are appended to, with its predecessors beside it.
struct RotatedFile: ~Copyable {
  private let path: String
  private let rotation: FileExporter.Rotation
  private var descriptor: Int32 = -1
  private var size = 0

  init(_ path: String, _ rotation: FileExporter.Rotation) throws(OutputFailure) {
    self.path = path
    self.rotation = rotation
    try openFile()
  }

  deinit { if descriptor >= 0 { _ = systemClose(descriptor) } }

  /// Appends a line whole, or leaves the file as it was.
  mutating func append(_ line: [UInt8], isCancelled: () -> Bool) throws(OutputFailure) {
    if descriptor < 0 || wasMoved { try reopen() }
    if size > 0, size + line.count > rotation.maximumBytes { try rotate() }
    do throws(OutputFailure) {
      try DescriptorOutput(descriptor: descriptor).write(line, isCancelled: isCancelled)
      size += line.count
    } catch {
      // Otherwise the next line would stand behind a part of this one. If that fails too, the file is begun anew.
      if ftruncate(descriptor, off_t(size)) != 0 { close() }
      throw error
    }
  }

  mutating func close() {
    if descriptor >= 0 { _ = systemClose(descriptor) }
    descriptor = -1
  }

  private mutating func openFile() throws(OutputFailure) {
    let opened = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard opened >= 0 else { throw .last() }
    descriptor = opened
    let end = lseek(opened, 0, SEEK_END)
    size = max(0, Int(end))
    // A writer that was killed can have left a part of a line.
    var last: UInt8 = 0
    if size > 0, pread(opened, &last, 1, off_t(size - 1)) == 1, last != UInt8(ascii: "\n") {
      try DescriptorOutput(descriptor: opened).write([UInt8(ascii: "\n")], isCancelled: { false })
      size += 1
    }
  }

  private mutating func reopen() throws(OutputFailure) {
    close()
    try openFile()
  }

  /// Whether somebody else has renamed or deleted the file, as tools that rotate logs do.
  private var wasMoved: Bool {
    var named = stat()
    var open = stat()
    guard stat(path, &named) == 0, fstat(descriptor, &open) == 0 else { return true }
    return named.st_ino != open.st_ino || named.st_dev != open.st_dev
  }

  /// Renames the files, the oldest first; the last of them is overwritten, and with none to keep the file is emptied.
  private mutating func rotate() throws(OutputFailure) {
    if rotation.keptFiles == 0 {
      guard ftruncate(descriptor, 0) == 0 else { throw .last() }
      size = 0
      return
    }
    for number in stride(from: rotation.keptFiles - 1, through: 1, by: -1) {
      // Gaps are as they should be: not all of the files exist yet.
      if rename("\(path).\(number)", "\(path).\(number + 1)") != 0, errno != ENOENT { throw .last() }
    }
    guard rename(path, "\(path).1") == 0 else { throw .last() }
    try reopen()
  }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
