internal import ArgumentParser

/// `processor-host rules revert`: lets the old set run alone, after a rollback.
struct RulesRevertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revert",
    abstract: "Run the rules that ran before a rollback alone, without what the others hid beside them.",
    discussion: """
      The files are not changed: until somebody edits them, they are those that were rolled back and are not in force.

      Exit status: 0 they run; 1 there is nothing to decide, or no host answers; 2 wrong usage.
      """)

  @OptionGroup var admin: AdminOptions

  func run() async throws { try await RuleDecision.post("/rules/revert", to: admin.client()) }
}
