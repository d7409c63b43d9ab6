/// What is wrong with a rule file, a list or a chain, where, and what to do.
public struct RuleError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file's name inside the rules directory.
  public var file: String
  /// The line, from 1; nil where the whole file is meant.
  public var line: Int?
  /// What was expected, what was found, and what to do.
  public var message: String
  /// The text of that line.
  public var sourceLine: String?

  /// An error in a file, at a line from 1 where it is known.
  public init(file: String, line: Int? = nil, message: String, sourceLine: String? = nil) {
    // An author may have put characters there that a terminal obeys or a reader does not see.
    self.file = .printable(file)
    self.line = line
    self.message = .printable(message)
    self.sourceLine = sourceLine.map { .printable($0) }
  }

  /// `redact.lua:12: …`, and the line's text below it.
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    guard let line, let sourceLine else { return "\(place): \(message)" }
    return "\(place): \(message)\n  \(line) | \(sourceLine)"
  }
}

/// Everything that is wrong with a rules directory.
public struct RuleErrors: Error, Sendable, Equatable, CustomStringConvertible {
  /// One error or more, in the order they were found.
  public var errors: [RuleError]

  /// Several errors as one.
  public init(_ errors: [RuleError]) { self.errors = errors }

  /// All errors, each on lines of its own.
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
