extension RuleSettings {
  /// The settings by rule, and then by name.
  package var settingsByRule: [String: [String: String]] {
    var byRule: [String: [String: String]] = [:]
    for (name, value) in settings {
      guard let dot = name.firstIndex(of: ".") else { continue }
      byRule[String(name[..<dot]), default: [:]][String(name[name.index(after: dot)...])] = value
    }
    return byRule
  }

  /// Whether a name has the form RULE.NAME.
  static func isSettingName(_ name: String) -> Bool {
    guard let dot = name.firstIndex(of: ".") else { return false }
    return dot != name.startIndex && name.index(after: dot) != name.endIndex
  }
}
