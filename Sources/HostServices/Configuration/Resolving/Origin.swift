/// Where a value comes from.
package enum Origin: Sendable, Equatable, CustomStringConvertible {
  /// Nobody said anything.
  case builtIn
  /// A place in the configuration file.
  case file(SourcePlace)
  /// An environment variable.
  case variable(String)
  /// A flag of the command line, with its dashes.
  case flag(String)
  /// It follows from another setting.
  case derived(String)

  package var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let place): "\(place)"
    case .variable(let name): "variable \(name)"
    case .flag(let name): "flag \(name)"
    case .derived(let why): why
    }
  }
}

/// A place in a file.
package struct SourcePlace: Sendable, Equatable, CustomStringConvertible {
  package var file: String
  package var line: Int
  package var column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var description: String { "\(file):\(line):\(column)" }
}

/// Something that is wrong with the configuration.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where it stands: file, line and column, the variable, or the flag.
  package var origin: Origin?
  /// What is wrong, what was expected, and what to do.
  package var message: String

  package init(_ message: String, at origin: Origin? = nil) {
    self.origin = origin
    self.message = message
  }

  package var description: String {
    switch origin {
    case nil, .builtIn, .derived: message
    case .variable(let name): "\(name): \(message)"
    case .flag(let name): "\(name): \(message)"
    case .file(let place): "\(place): \(message)"
    }
  }
}

/// Everything that is wrong with the configuration.
package struct ConfigurationErrors: Error, Sendable, Equatable, CustomStringConvertible {
  package var errors: [ConfigurationError]

  package init(_ errors: [ConfigurationError]) { self.errors = errors }

  package var description: String { errors.map(\.description).joined(separator: "\n") }
}
