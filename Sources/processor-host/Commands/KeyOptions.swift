internal import ArgumentParser
internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost

/// The keys with which values are turned into pseudonyms.
struct KeyOptions: ParsableArguments {
  @Option(
    name: .customLong("key"),
    help: ArgumentHelp(
      """
      A file of keys for pseudonyms, and the name by which rules ask for them. May be given several times. Keys can \
      also stand in PROCESSOR_HOST_KEY_<NAME>; the option goes before that.
      """,
      valueName: "name=file"))
  var files: [String] = []

  /// All keys by their names, from the options and the environment. What is unwise about a file is said on standard
  /// error.
  /// - Throws: `ExitStatus.rules` after saying what is wrong with the keys; `ValidationError` for an option that is not
  ///   `NAME=FILE`.
  func keyRings() throws -> [String: PseudonymKeyRing] {
    var rings: [String: PseudonymKeyRing] = [:]
    for option in files {
      let (name, path) = try Self.parse(option)
      guard rings[name] == nil else { throw ValidationError("--key names \(name) twice; one file holds all its keys") }
      rings[name] = try Self.ring(contentsOf: path)
    }
    return try Self.ringsInEnvironment().merging(rings) { _, option in option }
  }

  /// The keys that stand in variables.
  static func ringsInEnvironment() throws -> [String: PseudonymKeyRing] {
    do {
      return try PseudonymKeyEnvironment.rings(in: ProcessInfo.processInfo.environment)
    } catch {
      throw failed(error)
    }
  }

  /// The keys of one name, which have to be in the environment.
  static func ringInEnvironment(_ name: String) throws -> PseudonymKeyRing {
    let variable = PseudonymKeyEnvironment.variable(for: name)
    guard let text = ProcessInfo.processInfo.environment[variable] else {
      throw failed(
        PseudonymKeyError(source: variable, message: "there is no such variable; set it, or give --key \(name)=FILE"))
    }
    do {
      return try PseudonymKeyRing(parsing: Array(text.utf8), from: .environment(variable))
    } catch {
      throw failed(error)
    }
  }

  /// Reads a file, and warns on standard error where others may read it too.
  static func ring(contentsOf path: String) throws -> PseudonymKeyRing {
    do {
      let file = try PseudonymKeyFile(path: path)
      if let warning = file.warning {
        StandardError.write(Terminal(isTerminal: StandardError.isTerminal).paint("warning: ", .yellow) + warning)
      }
      return file.ring
    } catch {
      throw failed(error)
    }
  }

  /// Checks the name of keys, which could be a secret that was put in the wrong place and is not shown therefore.
  static func checkName(_ name: String) throws {
    if PseudonymKeyName.isValid(name) { return }
    throw ValidationError(
      "the name in --key has 1 to \(PseudonymKeyName.maximumLength) characters a-z, 0-9 and -, and begins with a letter"
    )
  }

  static func parse(_ option: String) throws -> (name: String, path: String) {
    guard let equals = option.firstIndex(of: "="), option.index(after: equals) < option.endIndex else {
      throw ValidationError("--key takes NAME=FILE, such as customers=customers.keys")
    }
    try checkName(String(option[..<equals]))
    return (String(option[..<equals]), String(option[option.index(after: equals)...]))
  }

  static func failed(_ error: PseudonymKeyError) -> ExitStatus {
    StandardError.write(Terminal(isTerminal: StandardError.isTerminal).paint("error: ", .red) + "\(error)")
    return .rules
  }
}
