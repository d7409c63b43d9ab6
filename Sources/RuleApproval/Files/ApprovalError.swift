internal import ProcessorHost

/// What is wrong with a file of the approval: a lock, signatures, a key, a counter or an audit log. No part of a secret
/// is ever in it.
package struct ApprovalError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, in printable characters; nil where none is meant.
  package var path: String?
  /// The line, from 1; nil where the whole file is meant.
  package var line: Int?
  /// What was expected, what was found, and what to do.
  package var message: String

  /// An error in a file, at a line from 1 where it is known.
  package init(path: String? = nil, line: Int? = nil, _ message: String) {
    self.path = path.map(String.printable)
    self.line = line
    self.message = message
  }

  /// `rules/rules.lock:3: …`
  package var description: String {
    guard let path else { return message }
    return line.map { "\(path):\($0): \(message)" } ?? "\(path): \(message)"
  }
}
