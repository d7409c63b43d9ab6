internal import ArgumentParser
internal import HostReporting

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The command line.
@main
struct ProcessorHostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "processor-host",
    abstract: "Runs Lua rules over OpenTelemetry spans before they leave: redacts, truncates, tags and samples.",
    version: "processor-host \(HostVersion.current)",
    subcommands: [
      RunCommand.self, ProcessCommand.self, ScanCommand.self, ExplainCommand.self, CheckCommand.self, TestCommand.self,
      AuditCommand.self, DiffCommand.self, LockCommand.self, VerifyCommand.self, KeygenCommand.self, SignCommand.self,
      CounterCommand.self, LogCommand.self, RulesCommand.self, PseudonymCommand.self,
    ])

  /// Wrong usage ends with 2 and not with the 64 that the argument parser takes, as other tools of this kind do.
  static func main() async {
    // A reader that goes away, as `head` does, is no fault; writing tells.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let status as ExitStatus {
      status.exit()
    } catch is OutputSink.Closed {
      ExitStatus.done.exit()
    } catch {
      let code = exitCode(for: error)
      if code.isSuccess { exit(withError: error) }
      StandardError.write(fullMessage(for: error))
      ExitStatus.usage.exit()
    }
  }
}

/// How the tool ends.
enum ExitStatus: Int32, Error {
  case done = 0
  /// Some input was refused, or a test failed.
  case refused = 1
  case usage = 2
  /// A rule, or a list of words, could not be loaded.
  case rules = 3
  /// A span had to be stripped, because a rule failed on it.
  case stripped = 4
  /// A scan found something.
  case found = 5

  func exit() -> Never { exitProcess(rawValue) }
}

private func exitProcess(_ status: Int32) -> Never {
  #if canImport(Glibc)
    Glibc.exit(status)
  #elseif canImport(Musl)
    Musl.exit(status)
  #else
    Darwin.exit(status)
  #endif
}
