internal import ArgumentParser

/// `processor-host rules`: what a person decides about the rules of a host that runs.
struct RulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Decide about the rules of a running host.",
    subcommands: [
      RulesAcceptCommand.self, RulesRevertCommand.self, RulesShadowCommand.self, RulesPromoteCommand.self,
    ])
}
