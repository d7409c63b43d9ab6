/// A setting in force, as people are shown it.
package struct SettingLine: Sendable, Equatable {
  /// Its name: `queue.max_spans`, `exporters[otlp].endpoint`, `rules.settings.slow_trace.threshold`.
  package var path: String
  /// The levels of the name, of which the last may have dots.
  package var steps: [String]
  /// The value; what is secret is masked.
  package var value: ShownSetting
  package var origin: Origin
  /// Whether a file may say it.
  package var isInFiles: Bool
  /// What stands for a default that is no value.
  package var note: String?
}

extension ResolvedConfiguration {
  /// What stands in the place of a secret.
  package static let mask = "********"

  /// Every setting of the host but its exporters', in order.
  package var hostLines: [SettingLine] {
    HostSettings.all.flatMap { lines($0, configuration, scope: "") }
  }

  /// The settings of an exporter that its kind has, in order.
  package func lines(of exporter: ExporterSettings) -> [SettingLine] {
    ExporterSettingsTable.all.filter { $0.applies(to: exporter.kind) }
      .flatMap { lines($0, exporter, scope: "exporters[\(exporter.name)].") }
  }

  /// Every setting in force.
  package var lines: [SettingLine] { hostLines + configuration.exporters.flatMap { lines(of: $0) } }

  private func masked(_ shown: ShownSetting, _ hasSecretQuery: Bool) -> ShownSetting {
    guard hasSecretQuery, case .scalar(let text) = shown, let mark = text.firstIndex(of: "?") else { return shown }
    return .scalar(text[...mark] + Self.mask)
  }

  private func lines<Root>(_ setting: ConfigurationSetting<Root>, _ root: Root, scope: String) -> [SettingLine] {
    let path = scope + setting.path
    let steps = setting.path.split(separator: ".").map(String.init)
    let shown = setting.shown(in: root)
    guard case .map(let pairs) = shown else {
      let value = setting.isSecret && shown != .nothing ? .scalar(Self.mask) : masked(shown, setting.hasSecretQuery)
      return [
        SettingLine(
          path: path, steps: steps, value: value, origin: origins[path] ?? .builtIn,
          isInFiles: setting.refusalInFile == nil, note: setting.defaultNote?.filter { $0 != "`" })
      ]
    }
    return pairs.sorted { $0.key < $1.key }.map { name, value in
      SettingLine(
        path: "\(path).\(name)", steps: steps + [name], value: .scalar(setting.isSecret ? Self.mask : value),
        origin: origins["\(path).\(name)"] ?? .builtIn, isInFiles: true)
    }
  }
}
