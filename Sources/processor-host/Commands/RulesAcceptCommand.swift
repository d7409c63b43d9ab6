internal import ArgumentParser

/// `processor-host rules accept`: runs the set that was rolled back.
struct RulesAcceptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Run the rules that were rolled back, as the files have them.",
    discussion: """
      They are loaded, tested and approved as ever, and are not on probation again.

      Exit status: 0 they run; 1 the host refuses, there is nothing to decide, or no host answers; 2 wrong usage.
      """)

  @OptionGroup var admin: AdminOptions

  func run() async throws { try await RuleDecision.post("/rules/accept", to: admin.client()) }
}
