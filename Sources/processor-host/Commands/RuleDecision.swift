internal import ProcessorHost

/// What a host makes of a decision about its rules.
enum RuleDecision {
  /// Tells a host, and says what came of it.
  /// - Throws: `ExitStatus.refused` after saying why the host did not do it.
  static func post(_ path: String, to client: AdminClient) async throws {
    let answer = try await client.post(path)
    let document = try answer.decoded(as: DecisionDocument.self)
    guard answer.isDone else { throw AdminClient.failed(document.message) }
    try OutputSink.standardOutput.write("\(String.printable(document.message))\ndigest \(document.digest)\n".utf8)
  }
}
