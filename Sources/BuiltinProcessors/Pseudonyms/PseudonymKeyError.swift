/// What is wrong with keys for pseudonyms, and where. No part of a secret is ever in it.
public struct PseudonymKeyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file or the environment variable; nil for keys that come from elsewhere.
  public var source: String?
  /// The line, from 1, or in an environment variable the place among its keys; nil where all of it is meant.
  public var line: Int?
  /// What was expected and what was found.
  public var message: String

  /// An error, at a line from 1 where it is known.
  public init(source: String? = nil, line: Int? = nil, message: String) {
    self.source = source
    self.line = line
    self.message = message
  }

  /// `customers.keys:2: …`
  public var description: String {
    guard let source else { return message }
    return line.map { "\(source):\($0): \(message)" } ?? "\(source): \(message)"
  }
}
