/// What is watched of a file or a directory.
enum WatchedPart: Hashable {
  /// Whether it is moved or removed, or, being a link, replaced. Links are not followed.
  case itself
  /// Whether an entry of this name comes into the directory, or may be read.
  case entry(String)
  /// The files in the directory that end so: what they say, and whether they come and go.
  case files(suffix: String)
  /// What the file says.
  case file

  /// Whether something about the entry of this name matters; it is empty where the file or directory itself is meant.
  func matters(_ name: String) -> Bool {
    switch self {
    case .itself, .file: name.isEmpty
    case .entry(let own): name == own
    case .files(let suffix): name.isEmpty || Self.isFile(name, suffix: suffix)
    }
  }

  /// Whether a rules directory is read for a file of this name. Swap files and backups of editors are not.
  static func isFile(_ name: String, suffix: String) -> Bool { name.hasSuffix(suffix) && !name.hasPrefix(".") }
}

/// Why something cannot be watched.
struct WatchError: Error, CustomStringConvertible {
  /// The call that failed.
  var call: String
  /// The system's number of the error.
  var code: Int32
  /// What to do about it, where that is known.
  var hint: String?

  var description: String { "\(call) failed (error \(code))" + (hint.map { ": \($0)" } ?? "") }
}
