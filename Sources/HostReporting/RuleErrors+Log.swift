package import Logging
package import ProcessorHost

extension RuleErrors {
  /// Tells of each thing that is wrong, with its line.
  package func tell(_ message: Logger.Message, _ logger: Logger) {
    for error in errors {
      var metadata: Logger.Metadata = ["file": "\(error.file)", "error": "\(error.message)"]
      if let line = error.line { metadata["line"] = "\(line)" }
      if let source = error.sourceLine { metadata["source"] = "\(source)" }
      logger.error(message, metadata: metadata)
    }
  }
}
