#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Where files stand, by the file system's own account.
enum Folder {
  /// What is in front of the last name of a path: `.` for a name alone.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// Whether a file is in a directory or anywhere below, as its path has it or as the links in its path lead.
  ///
  /// Directories are told by device and number, so that neither links nor other names for them matter. A file that is
  /// not there yet counts by its directory.
  static func contains(_ directory: String, _ path: String) -> Bool {
    guard let wanted = identity(directory) else { return false }
    let apparent = resolved(parent(of: path))
    let real = resolved(path).map(parent)
    for start in [apparent, real] {
      guard var folder = start else { continue }
      while true {
        if identity(folder) == wanted { return true }
        if folder == "/" || folder == "." { break }
        folder = parent(of: folder)
      }
    }
    return false
  }

  private struct Identity: Equatable {
    var device: dev_t
    var number: ino_t
  }

  private static func identity(_ path: String) -> Identity? {
    var status = stat()
    return stat(path, &status) == 0 ? Identity(device: status.st_dev, number: status.st_ino) : nil
  }

  /// The path without links; nil for a file that is not there.
  static func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
  }

  /// Makes new and renamed files in a directory outlast a crash. Not every file system can; it is no error.
  static func synchronize(_ path: String) { _ = Descriptor.opened(path, O_RDONLY | O_DIRECTORY)?.synchronize() }
}
