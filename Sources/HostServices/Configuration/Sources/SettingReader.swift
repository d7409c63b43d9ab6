internal import ProcessorHost

/// Puts values from one source after the other in their places, and remembers where each came from and what is wrong.
struct SettingReader<Root: Sendable> {
  typealias Setting = ConfigurationSetting<Root>

  let settings: [Setting]
  /// What stands before the paths: nothing, or `exporters[otlp].`
  var scope: String
  var root: Root
  /// Where values came from, by path; a value with a name by the path, a dot and the name.
  var origins: [String: Origin] = [:]
  var errors: [ConfigurationError] = []

  init(_ settings: [Setting], _ root: Root, scope: String = "") {
    self.settings = settings
    self.root = root
    self.scope = scope
  }

  /// Stores a value, or notes why it cannot be.
  mutating func store(_ raw: RawSetting, _ setting: Setting, from origin: Origin) {
    guard setting.store(raw, in: &root) else {
      let found = setting.isSecret ? "" : ", not \(Self.text(raw))"
      let name = origin.namesItsSetting ? "" : scope + setting.path + " "
      errors.append(ConfigurationError("\(name)expects \(setting.expected)\(found)", at: origin))
      return
    }
    if case .map(let pairs) = raw {
      // Headers are kept in small letters.
      let isKept = if case .map(let kept) = setting.shown(in: root) { kept } else { [String: String]() }
      for name in pairs.keys {
        origins["\(setting.path).\(isKept[name] == nil ? name.lowercased() : name)"] = origin
      }
    } else {
      origins[setting.path] = origin
    }
  }

  /// What a message shows of a value: enough to find it.
  private static func text(_ raw: RawSetting) -> String {
    let text =
      switch raw {
      case .scalar(let text, _): text
      case .list(let names): names.joined(separator: ",")
      case .map(let pairs): pairs.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      }
    // What stands before an @ in a URL is a secret in the wrong place.
    if text.isEmpty || text.contains("@") { return text.isEmpty ? "nothing" : "this" }
    let cut = text.count > 60 ? text.prefix(60) + "…" : text[...]
    if case .scalar(_, isQuoted: true) = raw { return "\"\(String.printable(String(cut)))\" in quotes" }
    return String.printable(String(cut))
  }

  // MARK: Variables and flags

  /// Reads the variables of all settings. A variable without text says nothing, as OpenTelemetry has it.
  mutating func read(_ environment: [String: String]) {
    for setting in settings { read(setting, environment) }
  }

  /// Reads the variables of a setting: those of others, of which the last that is set counts, then this project's.
  mutating func read(_ setting: Setting, _ environment: [String: String]) {
    let standard = setting.standardVariables.last { environment[$0.name]?.isEmpty == false }
    if let standard, let text = environment[standard.name] {
      store(RawSetting(text, setting.shape, standard.writing), setting, from: .variable(standard.name))
    }
    if let name = setting.ownVariable, let text = environment[name], !text.isEmpty {
      store(RawSetting(text, setting.shape), setting, from: .variable(name))
    }
  }

  /// Reads the flags that belong to these settings.
  mutating func read(_ flags: [FlagValue]) {
    for flag in flags {
      guard let setting = settings.first(where: { $0.flag == flag.name }) else { continue }
      store(RawSetting(flag.text, setting.shape, isFlag: true), setting, from: .flag(flag.name))
    }
  }
}

/// A flag of the command line and what was given to it.
package struct FlagValue: Sendable, Hashable {
  /// The flag with its dashes.
  package var name: String
  package var text: String

  package init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

extension Origin {
  /// Whether a message that begins with it says already which setting it is about.
  fileprivate var namesItsSetting: Bool {
    switch self {
    case .variable, .flag: true
    case .builtIn, .file, .derived: false
    }
  }
}
