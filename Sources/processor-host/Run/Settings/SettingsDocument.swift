internal import HostServices

/// What came of reading the configuration file again, as part of what `/rules/reload` answers.
struct SettingsDocument: Encodable {
  /// `unchanged`, `restored`, `applied`, `awaiting_restart` or `failed`.
  var outcome: String
  /// What came into force, `rules.settings.sample.ratio=0` each.
  var applied: [String]
  /// What the file has changed and a running host cannot take over.
  var needRestart: [String]
  var errors: [SettingFault]
}

/// Something that is wrong with the configuration.
struct SettingFault: Encodable {
  var file: String?
  var line: Int?
  var message: String

  init(_ error: ConfigurationError) {
    if case .file(let place) = error.origin {
      (file, line, message) = (place.file, place.line, error.message)
    } else {
      message = "\(error)"
    }
  }
}
