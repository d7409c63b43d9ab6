internal import Yams

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Everything in which something about the configuration may be said, in rising precedence.
package struct ConfigurationSources: Sendable {
  /// The configuration file.
  package var file: ConfigurationFile?
  package var environment: [String: String]
  /// The flags in the order in which they were given.
  package var flags: [FlagValue]
  /// Gives the text of a small file that holds a secret; nil where it cannot be read.
  package var secret: @Sendable (_ path: String) -> String?

  package init(
    file: ConfigurationFile? = nil, environment: [String: String] = [:], flags: [FlagValue] = [],
    secret: @escaping @Sendable (_ path: String) -> String? = Self.read
  ) {
    self.file = file
    self.environment = environment
    self.flags = flags
    self.secret = secret
  }

  /// The text of a file of at most 64 KiB.
  package static func read(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 16 else { return nil }
    return String(validating: Array(data), as: UTF8.self)
  }
}

/// The configuration in force.
package struct ResolvedConfiguration: Sendable, Equatable {
  package var configuration: HostConfiguration
  /// Where values come from, by their paths; what is not in it is a default. Settings of an exporter begin with
  /// `exporters[NAME].`.
  package var origins: [String: Origin]
  /// What a person should know who expected something else.
  package var notices: [String]

  /// Reads all sources.
  /// - Throws: everything that is wrong.
  package init(_ sources: ConfigurationSources) throws(ConfigurationErrors) {
    var reader = SettingReader(HostSettings.all, HostConfiguration())
    var exporters = ExporterList()
    if let file = sources.file {
      do throws(ConfigurationError) {
        if let mapping = try file.mapping() {
          reader.read(mapping, of: file, others: ["exporters"], environment: sources.environment)
          if let node = mapping["exporters"] { exporters.read(node, of: file, environment: sources.environment) }
        }
      } catch {
        reader.errors.append(error)
      }
    }
    reader.read(sources.environment)
    reader.read(sources.flags)
    exporters.read(environment: sources.environment, flags: sources.flags)
    Self.readToken(&reader, sources)

    var drafts = exporters.drafts
    var check = ExporterCheck()
    for index in drafts.indices { check.finish(&drafts[index]) }
    reader.root.exporters = drafts.map(\.reader.root)
    for draft in drafts {
      for (path, origin) in draft.reader.origins { reader.origins[draft.reader.scope + path] = origin }
    }
    var errors = reader.errors + exporters.errors + check.errors
    let checks = ConfigurationChecks(configuration: reader.root, origins: reader.origins)
    // What is missing because it was wrong needs no second message.
    if errors.isEmpty { errors += checks.errors }
    guard errors.isEmpty else { throw ConfigurationErrors(errors) }
    configuration = reader.root
    origins = reader.origins
    notices = exporters.notices + checks.notices + UnusedVariables(sources.environment).notices
  }

  private static func readToken(_ reader: inout SettingReader<HostConfiguration>, _ sources: ConfigurationSources) {
    guard let path = reader.root.receivers.bearerTokenFile, reader.root.receivers.bearerToken == nil else { return }
    let setting = HostSettings.all.first { $0.path == "receivers.bearer_token" }
    let origin = reader.origins["receivers.bearer_token_file"]
    guard let text = sources.secret(path), let setting else {
      reader.errors.append(
        ConfigurationError("the file of the token cannot be read; does it exist, and may it be read?", at: origin))
      return
    }
    var token = text[...]
    while token.last?.isNewline == true { token.removeLast() }
    if setting.store(.scalar(String(token), isQuoted: true), in: &reader.root) {
      reader.origins[setting.path] = .derived("the file of receivers.bearer_token_file")
    } else {
      reader.errors.append(ConfigurationError("the file has to hold \(setting.expected)", at: origin))
    }
  }
}
