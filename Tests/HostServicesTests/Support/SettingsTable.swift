import HostServices

/// The table of all settings in docs/operations.md, as the code has them.
struct SettingsTable {
  let rows: [String]

  init() {
    rows = Self.host + Self.choice + Self.exporters
  }

  private static let host = HostSettings.all.map { setting in
    row(
      setting.refusalInFile == nil ? setting.path : nil, setting.variables, setting.flag,
      setting.defaultText(HostConfiguration()), setting.meaning + unit(setting))
  }

  private static let choice = [
    row(
      nil, ExporterChoice.variables.reversed(), ExporterChoice.flag, "all there are; without one `console`",
      ExporterChoice.meaning)
  ]

  private static let exporters = ExporterSettingsTable.all.map { setting in
    let kinds = setting.kinds.map { kinds in
      ExporterSettings.Kind.allCases.filter { kinds.contains($0) }.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }
    return row(
      "\(ExporterSettingsTable.scope).\(setting.path)", setting.variables, setting.flag,
      setting.defaultText(ExporterSettings(.console, name: "")),
      setting.meaning + unit(setting) + (kinds.map { " Only \($0)." } ?? ""))
  }

  private static func unit<Root>(_ setting: ConfigurationSetting<Root>) -> String {
    let isInMilliseconds = setting.standardVariables.contains { $0.writing == .milliseconds }
    return isInMilliseconds ? " In variables of OpenTelemetry: milliseconds." : ""
  }

  private static func row(
    _ path: String?, _ variables: [String], _ flag: String?, _ value: String, _ meaning: String
  ) -> String {
    let cells = [
      path.map { "`\($0)`" } ?? "", variables.map { "`\($0)`" }.joined(separator: "<br>"),
      flag.map { "`\($0)`" } ?? "", value.contains(" ") || value.contains("`") ? value : "`\(value)`", meaning,
    ]
    return "| \(cells.joined(separator: " | ")) |"
  }
}
