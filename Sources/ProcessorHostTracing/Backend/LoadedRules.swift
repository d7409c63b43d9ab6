internal import BuiltinProcessors
internal import ProcessorHost

extension TracingBackend.Configuration.Rules {
  /// The rules, and where they are watched for edits.
  struct Loaded {
    var directory: RuleDirectory
    /// Nil where they are not on disk.
    var path: String?
    var watchInterval = Duration.zero
  }

  /// - Throws: `RuleErrors` where a directory cannot be read.
  func load() throws(RuleErrors) -> Loaded {
    switch self {
    case .standard: Loaded(directory: .standard)
    case .inMemory(let directory): Loaded(directory: directory)
    case .none: Loaded(directory: RuleDirectory())
    case .directory(let path, let interval):
      Loaded(directory: try RuleDirectory(contentsOf: path), path: path, watchInterval: interval)
    }
  }
}
