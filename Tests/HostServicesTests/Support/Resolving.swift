import HostServices

/// Resolves sources, of which each may be left out.
func resolve(
  _ yaml: String? = nil, environment: [String: String] = [:], flags: [(String, String)] = [],
  secrets: [String: String] = [:]
) throws -> ResolvedConfiguration {
  try ResolvedConfiguration(
    ConfigurationSources(
      file: yaml.map { ConfigurationFile(name: "host.yaml", text: $0) }, environment: environment,
      flags: flags.map { FlagValue($0.0, $0.1) }, secret: { secrets[$0] }))
}

/// What is said of sources that are wrong; empty for those that are right.
func complaints(
  _ yaml: String? = nil, environment: [String: String] = [:], flags: [(String, String)] = []
) -> [String] {
  do {
    _ = try resolve(yaml, environment: environment, flags: flags)
    return []
  } catch let errors as ConfigurationErrors {
    return errors.errors.map(\.description)
  } catch {
    return ["\(error)"]
  }
}
