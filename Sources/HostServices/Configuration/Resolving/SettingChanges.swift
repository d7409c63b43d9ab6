/// A setting that a newly read configuration gives another value than the one in force.
package struct SettingChange: Sendable, Equatable {
  /// Its name: `queue.max_spans`, `rules.settings.sample.ratio`; `exporters[otlp]` for one that came or went.
  package var path: String
  /// The new value as people are shown it; what is secret is masked.
  package var value: ShownSetting
  package var origin: Origin
  /// Whether a host that runs can take it over.
  package var isForRunningHosts: Bool

  /// `sample.ratio=0.1` as logs and answers show it.
  package var text: String {
    switch value {
    case .nothing, .map: path
    case .scalar(let text): "\(path)=\(text)"
    case .list(let items): "\(path)=\(items.isEmpty ? "none" : items.joined(separator: ","))"
    }
  }
}

extension ResolvedConfiguration {
  /// What another configuration has otherwise.
  package func changes(to other: ResolvedConfiguration) -> [SettingChange] {
    var changes = HostSettings.all.flatMap { setting in
      Self.changes(of: setting, from: configuration, to: other.configuration, other.origins, scope: "")
    }
    for index in changes.indices where changes[index].path == "rules.chain" {
      // Without a chain no rules are read at all.
      if configuration.rules.runsNothing != other.configuration.rules.runsNothing {
        changes[index].isForRunningHosts = false
      }
    }
    return changes + exporterChanges(to: other)
  }

  private func exporterChanges(to other: ResolvedConfiguration) -> [SettingChange] {
    let (old, new) = (configuration.exporters, other.configuration.exporters)
    var changes: [SettingChange] = []
    for exporter in new {
      let scope = "exporters[\(exporter.name)]"
      guard let before = old.first(where: { $0.name == exporter.name }) else {
        changes.append(SettingChange(path: scope, value: .nothing, origin: .builtIn, isForRunningHosts: false))
        continue
      }
      changes += ExporterSettingsTable.all.flatMap { setting in
        Self.changes(of: setting, from: before, to: exporter, other.origins, scope: scope + ".")
      }
    }
    let gone = old.filter { exporter in !new.contains { $0.name == exporter.name } }
    return changes
      + gone.map {
        SettingChange(path: "exporters[\($0.name)]", value: .nothing, origin: .builtIn, isForRunningHosts: false)
      }
  }

  private static func changes<Root>(
    of setting: ConfigurationSetting<Root>, from old: Root, to new: Root, _ origins: [String: Origin], scope: String
  ) -> [SettingChange] {
    let (before, after) = (setting.shown(in: old), setting.shown(in: new))
    if before == after { return [] }
    func change(_ path: String, _ value: ShownSetting) -> SettingChange {
      // A URL may have a secret behind its question mark, so neither is shown.
      let isHidden = setting.isSecret || setting.hasSecretQuery
      return SettingChange(
        path: scope + path, value: isHidden && value != .nothing ? .scalar(mask) : value,
        origin: origins[scope + path] ?? .builtIn, isForRunningHosts: setting.isForRunningHosts)
    }
    guard setting.shape == .map else { return [change(setting.path, after)] }
    let (old, new) = (before.pairs, after.pairs)
    return Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }.map { name in
      change("\(setting.path).\(name)", new[name].map { .scalar($0) } ?? .nothing)
    }
  }

  /// What is in force once a running host has taken over what it can.
  package func takingOver(_ other: ResolvedConfiguration) -> ResolvedConfiguration {
    var result = self
    let changed = changes(to: other).filter(\.isForRunningHosts).map(\.path)
    result.configuration.rules.settings = other.configuration.rules.settings
    if changed.contains("rules.chain") { result.configuration.rules.chain = other.configuration.rules.chain }
    result.configuration.logging.level = other.configuration.logging.level
    for path in changed { result.origins[path] = other.origins[path] }
    result.notices = other.notices
    return result
  }
}

extension ShownSetting {
  /// Values with names; none where there is nothing.
  fileprivate var pairs: [String: String] { if case .map(let pairs) = self { pairs } else { [:] } }
}

extension RuleSettings {
  /// Whether no rules are to run.
  package var runsNothing: Bool { chain?.isEmpty == true }
}
