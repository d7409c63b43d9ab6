internal import ArgumentParser
internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost

/// Which rules run, and with which settings.
struct RuleOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The rules directory. Default: rules.", valueName: "dir"))
  var rules: String?

  @Option(
    help: ArgumentHelp(
      "The rules that run, in order, instead of chain.lua; `none` runs none.", valueName: "a,b,c"))
  var chain: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A setting that a rule declares: slow_trace.threshold=30s. May be given several times.",
      valueName: "rule.name=value"))
  var settings: [String] = []

  @OptionGroup var keys: KeyOptions

  /// - Throws: `ExitStatus.rules` after saying what is wrong.
  func makeHost() throws -> SpanProcessorHost {
    var configuration = SpanProcessorHost.Configuration()
    configuration.settings = try parsedSettings()
    if let chain {
      // An empty name is a variable that was not set; running no rules has to be asked for.
      guard chain.contains(where: { $0 != "," }) else {
        throw ValidationError("--chain takes names of rules, such as slow_trace,redact; `none` runs none")
      }
      configuration.chain = chain == "none" ? [] : chain.split(separator: ",").map(String.init)
    }
    do {
      if configuration.chain != [] || rules != nil { configuration.rules = try rulesDirectory(rules) }
      return try SpanProcessorHost(configuration, keys: keys.keyRings())
    } catch let errors as RuleErrors {
      throw Self.failed(errors)
    }
  }

  private func parsedSettings() throws -> [String: [String: String]] {
    var parsed: [String: [String: String]] = [:]
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), let dot = setting[..<equals].firstIndex(of: ".") else {
        throw ValidationError("--set takes RULE.NAME=VALUE, such as slow_trace.threshold=30s")
      }
      let rule = String(setting[..<dot])
      let name = String(setting[setting.index(after: dot)..<equals])
      parsed[rule, default: [:]][name] = String(setting[setting.index(after: equals)...])
    }
    return parsed
  }

  /// Says what is wrong with the rules; the status to end with.
  static func failed(_ errors: RuleErrors) -> ExitStatus {
    let terminal = Terminal(isTerminal: StandardError.isTerminal)
    for error in errors.errors { StandardError.write(terminal.paint("error: ", .red) + error.description) }
    return .rules
  }
}

/// Reads a rules directory. Without a name it is `rules`, and without that the rules that come with the host, as in
/// `run`, which is said.
func rulesDirectory(_ path: String?) throws -> RuleDirectory {
  if let path { return try RuleDirectory(contentsOf: path) }
  if FileManager.default.fileExists(atPath: "rules") { return try RuleDirectory(contentsOf: "rules") }
  StandardError.write("there is no directory rules here: the rules that come with the host run")
  return .standard
}
