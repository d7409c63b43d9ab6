extension SpanProcessorHost {
  /// Runs the tests that stand beside rules, with the natives and keys of this host. Blocks the calling thread.
  /// - Throws: `RuleErrors` for every test that failed, and for what is wrong with the test files.
  package func runTests(of directory: RuleDirectory) throws {
    let failed: [RuleTestRunner.Outcome]
    do {
      failed = try RuleTestRunner(directory, natives: natives).run().filter { !$0.isPassed }
    } catch let error as RuleError {
      throw RuleErrors([error])
    }
    if failed.isEmpty { return }
    throw RuleErrors(
      failed.map { test in
        RuleError(
          file: test.file, line: test.line,
          message: "the test \"\(test.name)\" failed: \(shown(test.problems))")
      })
  }

  /// What was expected and what came, in one line, which has to end somewhere.
  private func shown(_ problems: [String]) -> String {
    let most = 10
    let more = problems.count > most ? "; \(problems.count - most) more, which processor-host test shows" : ""
    return problems.prefix(most).joined(separator: "; ") + more
  }
}
