internal import ArgumentParser
internal import Foundation
internal import HostServices

/// The options of `run`.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The configuration file, YAML. Default: PROCESSOR_HOST_CONFIG, or none: everything runs without.",
      valueName: "file"))
  var config: String?

  @OptionGroup(title: "Settings") var flags: SettingFlags

  @OptionGroup(title: "Rules") var ruleOptions: RuleOptions

  @Flag(help: "Show every setting in force and where it comes from, secrets masked, and end.")
  var printConfig = false

  @Flag(help: "Check the configuration and the rules, and end.")
  var dryRun = false

  /// The configuration in force: defaults, then the file, then the environment, then flags.
  /// - Throws: `ConfigurationErrors`, with everything that is wrong.
  func configuration() throws(ConfigurationErrors) -> ResolvedConfiguration {
    let environment = ProcessInfo.processInfo.environment
    var sources = ConfigurationSources(environment: environment, flags: ruleFlags + flags.values)
    if let path = config ?? environment[OwnVariables.file].flatMap({ $0.isEmpty ? nil : $0 }) {
      do throws(ConfigurationError) {
        sources.file = try ConfigurationFile(path: path)
      } catch {
        throw ConfigurationErrors([error])
      }
    }
    return try ResolvedConfiguration(sources)
  }

  private var ruleFlags: [FlagValue] {
    var values: [FlagValue] = []
    if let rules = ruleOptions.rules { values.append(FlagValue("--rules", rules)) }
    if let chain = ruleOptions.chain { values.append(FlagValue("--chain", chain)) }
    values += ruleOptions.settings.map { FlagValue("--set", $0) }
    values += ruleOptions.keys.files.map { FlagValue("--key", $0) }
    return values
  }
}
