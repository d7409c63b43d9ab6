internal import ArgumentParser

/// `processor-host log`: the audit log.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Look at an audit log.", subcommands: [LogVerifyCommand.self])
}
