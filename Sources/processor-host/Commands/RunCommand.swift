internal import ArgumentParser
internal import Foundation
internal import HostServices
internal import Logging
internal import ProcessorHost

/// `processor-host run`: OTLP in, rules, OTLP out, until a signal ends it.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Receive OTLP, run the rules over every span, and send on what is left.",
    discussion: """
      Without any setting it listens on 127.0.0.1:4317 (gRPC) and 127.0.0.1:4318 (HTTP), runs the rules in ./rules or, \
      where there is no such directory, those that come with it, and prints spans on standard output. \
      OTEL_EXPORTER_OTLP_ENDPOINT names a backend to send them to.

      Every setting can stand in a YAML file, in a variable, or, the more usual ones, in a flag: flags go before \
      variables, and those before the file. --print-config shows what is in force and where it comes from.

      SIGTERM or SIGINT ends it once what is inside has been sent; a second one at once. SIGHUP has the rules \
      and the configuration file read again.

      Exit status: 0 ended with everything sent; 1 spans of a required exporter were left, or a server failed; \
      2 wrong usage or configuration; 3 a rule could not be loaded, or its test failed.
      """)

  @Option(help: ArgumentHelp("The configuration file. Default: PROCESSOR_HOST_CONFIG.", valueName: "file"))
  var config: String?

  @OptionGroup var rules: RuleOptions
  @OptionGroup(title: "Settings") var settings: SettingFlags

  @Flag(help: "Print every setting in force and where it comes from, and end.")
  var printConfig = false

  @Flag(help: "Check the configuration, the rules and the exporters, and end.")
  var dryRun = false

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let named = environment[OwnVariables.file].flatMap { $0.isEmpty ? nil : $0 }
    let reading = ConfigurationReading(
      path: config ?? named, environment: environment, flags: rules.flagValues + settings.values)
    let file: ConfigurationFile?
    let resolved: ResolvedConfiguration
    do throws(ConfigurationErrors) {
      file = try reading.file()
      resolved = try reading.resolve(file)
    } catch {
      throw Self.failed(error.errors)
    }
    if printConfig {
      try OutputSink.standardOutput.write(ConfigurationText(resolved).text.utf8)
      return
    }
    let level = LogLevel(Logger.Level(resolved.configuration.logging.level))
    HostLogHandler.bootstrap(resolved.configuration.logging, level)
    let logger = Logger(label: "processor-host")
    for notice in resolved.notices { logger.notice("\(notice)") }
    let host: RunningHost
    do {
      host = try await RunningHost(
        resolved, isTrial: dryRun, logger
      ) { SettingsReload(resolved, file, reading, $0, level, logger) }
    } catch let errors as RuleErrors {
      throw RuleOptions.failed(errors)
    }
    if dryRun {
      StandardError.write("the configuration, the rules and the exporters are fine")
      // At once: the exporters have begun nothing that would have to be ended.
      ExitStatus.done.exit()
    }
    try await host.run().throwUnlessDone()
  }

  private static func failed(_ errors: [ConfigurationError]) -> ExitStatus {
    let terminal = Terminal(isTerminal: StandardError.isTerminal)
    for error in errors { StandardError.write(terminal.paint("error: ", .red) + "\(error)") }
    return .usage
  }
}

extension RuleOptions {
  /// What was given, as settings.
  fileprivate var flagValues: [FlagValue] {
    var values: [FlagValue] = []
    if let rules { values.append(FlagValue("--rules", rules)) }
    if let chain { values.append(FlagValue("--chain", chain)) }
    return values + settings.map { FlagValue("--set", $0) } + keys.files.map { FlagValue("--key", $0) }
  }
}
