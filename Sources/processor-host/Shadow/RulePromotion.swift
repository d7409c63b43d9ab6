internal import BuiltinProcessors
internal import Logging
internal import ProcessorHost
internal import RuleApproval
internal import RuleReview

/// Makes a candidate the rules that run, by writing it into the rules directory, which stays the only truth.
///
/// What is written is what was compared, from memory. Everything that can be checked is, before anything is written; the
/// set is then read, tested and admitted like any edit. Where it does not come into force, the files are put back.
struct RulePromotion {
  let runner: ShadowRunner?
  let host: SpanProcessorHost
  let reload: RuleReload

  /// Why a candidate is not promoted.
  private struct Refusal: Error {
    var messages: [String]

    init(_ messages: String...) { self.messages = messages }

    init(_ errors: RuleErrors) { messages = errors.errors.map(\.description) }
  }

  /// - Parameter digest: which candidate is meant; nil for the one that is compared.
  func promote(_ digest: String?) async -> (isRefused: Bool, PromotionDocument) {
    do {
      let message = try await attempt(digest)
      return (false, document("promoted", [message]))
    } catch {
      return (true, document("refused", error.messages))
    }
  }

  private func document(_ outcome: String, _ messages: [String]) -> PromotionDocument {
    let (number, configuration) = host.runningConfiguration
    return PromotionDocument(
      outcome: outcome, messages: messages, number: number.value, digest: configuration.rules.digest)
  }

  private func attempt(_ digest: String?) async throws(Refusal) -> String {
    guard let runner else {
      throw Refusal("there is no candidate: name its directory with rules.shadow, and start the host anew")
    }
    guard let candidate = runner.candidate else {
      throw Refusal(
        "no candidate is compared with the rules in force, as rules shadow tells; only what was compared is promoted")
    }
    guard let reloader = reload.reloader, let path = reload.path else {
      throw Refusal("the rules that run are not on disk: name a rules directory with rules.dir")
    }
    let compared = candidate.digest
    if let digest, digest != compared {
      throw Refusal("the candidate that is compared is \(compared), and not \(digest); look at rules shadow again")
    }
    do {
      return try await reloader.exclusively { running, look in
        try await check(candidate, at: runner.directory, reloader, running)
        reload.ruleGuard.promotes(compared)
        defer { reload.ruleGuard.promotes(nil) }
        try await exchange(candidate, runner.directory, path, running, look)
        return "the candidate is in force"
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal("\(error)")
    }
  }

  /// Everything that would keep the candidate from running, asked while nothing is changed yet.
  private func check(
    _ candidate: RuleDirectory, at source: String, _ reloader: RuleReloader, _ running: RuleDirectory
  ) async throws {
    do {
      guard try RuleDirectory(contentsOf: source) == candidate else {
        throw Refusal("the candidate's files have changed since it was compared; look at rules shadow again")
      }
      try await reloader.check(candidate, after: running)
      try reload.ruleGuard.admit(candidate: candidate, at: source)
    } catch let errors as RuleErrors {
      reload.ruleGuard.refused(candidate, errors, before: running.digest)
      throw Refusal(errors)
    }
  }

  private func exchange(
    _ candidate: RuleDirectory, _ source: String, _ path: String, _ running: RuleDirectory,
    _ look: () async -> RuleReloader.Outcome
  ) async throws {
    let written: RulesExchange
    do throws(ApprovalError) {
      written = try RulesExchange(of: path, running: running, with: candidate, from: source)
      try written.commit()
    } catch {
      throw Refusal(
        "\(error)",
        "the rules are as they were; bring \(String.printable(source)) to where the rules come from yourself: the "
          + "ConfigMap, the image or the repository")
    }
    let outcome = await look()
    if case .swapped(_, let directory) = outcome, directory.digest == candidate.digest { return }
    var refusal = Refusal("the candidate did not come into force: the files were put back")
    if case .failed(let refused) = outcome { refusal.messages += refused.errors.errors.map(\.description) }
    do throws(ApprovalError) { try written.putBack() } catch {
      refusal.messages[0] = "the candidate did not come into force, and the files could not be put back: \(error)"
    }
    _ = await look()
    throw refusal
  }
}
