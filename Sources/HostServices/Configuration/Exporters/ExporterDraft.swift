/// An exporter while sources are still being read.
struct ExporterDraft {
  var reader: SettingReader<ExporterSettings>

  init(_ kind: ExporterSettings.Kind, name: String, why: Origin) {
    reader = SettingReader(
      ExporterSettingsTable.all, ExporterSettings(kind, name: name), scope: "exporters[\(name)].")
    reader.origins["kind"] = why
  }

  var name: String { reader.root.name }
  var kind: ExporterSettings.Kind { reader.root.kind }
}

extension ExporterSettings.Kind {
  /// The name of an exporter that was given none.
  var defaultName: String {
    switch self {
    case .otlpHTTP, .otlpGRPC: "otlp"
    case .sentry, .console, .file: rawValue
    }
  }
}
