internal import ProcessorHost
internal import RuleApproval

/// What the commands about approval say.
enum ApprovalText {
  /// The directory that is named, or `rules`, read; with the name to show and to write to.
  /// - Throws: `ExitStatus.rules` after saying why it cannot be read.
  static func rules(_ directory: String?) throws -> (path: String, rules: RuleDirectory) {
    // Only what stands on disk can be locked or signed.
    let path = directory ?? "rules"
    do throws(RuleErrors) {
      return (path, try RuleDirectory(contentsOf: path))
    } catch {
      throw RuleOptions.failed(error)
    }
  }

  /// Runs `body`, and says what went wrong in it.
  static func reporting<Result>(
    _ status: ExitStatus, _ body: () throws(ApprovalError) -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch {
      fail("\(error)")
      throw status
    }
  }

  static func fail(_ message: String) {
    StandardError.write(Terminal(isTerminal: StandardError.isTerminal).paint("error: ", .red) + message)
  }

  static func warn(_ message: String?) {
    guard let message else { return }
    StandardError.write(Terminal(isTerminal: StandardError.isTerminal).paint("warning: ", .yellow) + message)
  }

  /// A line for each file that is not as it was.
  static func lines(_ changes: RuleChanges) -> String {
    let named = [("changed", changes.changed), ("added", changes.added), ("removed", changes.removed)]
    return named.flatMap { verb, names in names.map { "  \(verb) \(String.printable($0))\n" } }.joined()
  }

  static func write(_ text: String) throws { try OutputSink.standardOutput.write(text.utf8) }
}
