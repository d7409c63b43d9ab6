extension ConfigurationSetting {
  /// The default as a person reads it.
  package func defaultText(_ defaults: Root) -> String {
    if let defaultNote { return defaultNote }
    return switch shown(in: defaults) {
    case .nothing, .map: "not set"
    case .scalar(let text): text
    case .list(let items): items.joined(separator: ",")
    }
  }
}
