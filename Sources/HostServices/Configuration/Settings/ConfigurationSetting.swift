/// One setting: where it may be said, what it takes, and which part of `Root` holds it.
///
/// Files, variables, flags, the report of what is in force, and the table in docs/operations.md all go by these.
package struct ConfigurationSetting<Root>: Sendable {
  /// Its name, with a dot for each level of the file.
  package let path: String
  /// What it decides, in one sentence.
  package let meaning: String
  /// What it takes, to be put behind "expects".
  package let expected: String
  /// Whether it is one value, several, or values with names.
  package let shape: SettingShape
  /// The variables of OpenTelemetry and others that say it too, in rising precedence.
  package var standardVariables: [StandardVariable] = []
  /// Whether it has a variable of this project; those of exporters, of which there can be several, have none.
  package var hasOwnVariable = Root.self == HostConfiguration.self
  /// The flag, with its dashes.
  package var flag: String?
  /// Whether its value must not be shown.
  package var isSecret = false
  /// Whether what stands behind a `?` must not be shown.
  package var hasSecretQuery = false
  /// Why it must not stand in a file, where that is so.
  package var refusalInFile: String?
  /// Whether a host that runs takes over another value, without a restart.
  package var isForRunningHosts = false
  /// What to say in the place of a default that is no value.
  package var defaultNote: String?
  /// The kinds of exporters that have the setting; nil: all.
  package var kinds: Set<ExporterSettings.Kind>?

  private let storing: @Sendable (RawSetting, inout Root) -> Bool
  private let showing: @Sendable (Root) -> ShownSetting

  /// A setting whose value replaces what was there.
  init<Value: Sendable>(
    _ path: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ format: SettingFormat<Value>,
    _ meaning: String
  ) {
    self.path = path
    self.meaning = meaning
    expected = format.expected
    shape = format.shape
    storing = { raw, root in
      guard let value = format.parse(raw) else { return false }
      root[keyPath: place] = value
      return true
    }
    showing = { root in format.show(root[keyPath: place]) }
  }

  /// A setting of names and values, of which each name is replaced by itself.
  init(
    _ path: String, merging place: any WritableKeyPath<Root, [String: String]> & Sendable,
    _ format: SettingFormat<[String: String]>, _ meaning: String
  ) {
    self.path = path
    self.meaning = meaning
    expected = format.expected
    shape = format.shape
    storing = { raw, root in
      guard let value = format.parse(raw) else { return false }
      root[keyPath: place].merge(value) { _, new in new }
      return true
    }
    showing = { root in format.show(root[keyPath: place]) }
  }

  /// The same with changes.
  func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }

  /// Puts a value in its place.
  /// - Returns: false where it is not what the setting takes.
  func store(_ raw: RawSetting, in root: inout Root) -> Bool { storing(raw, &root) }

  /// The value in force.
  func shown(in root: Root) -> ShownSetting { showing(root) }

  /// The variable of this project: `PROCESSOR_HOST_QUEUE_MAX_SPANS` for `queue.max_spans`.
  package var ownVariable: String? {
    if !hasOwnVariable { return nil }
    return OwnVariables.prefix + path.uppercased().map { $0 == "." ? "_" : String($0) }.joined()
  }

  /// All variables that say it, in falling precedence.
  package var variables: [String] {
    (ownVariable.map { [$0] } ?? []) + standardVariables.reversed().map(\.name)
  }
}

/// Whether a setting is one value, several, or values with names.
package enum SettingShape: Sendable {
  case scalar
  case list
  case map
}

/// A value as a source has it, before anybody knows what it means.
package enum RawSetting: Sendable, Equatable {
  /// One value; whether it was in quotes, which makes text of a number.
  case scalar(String, isQuoted: Bool)
  case list([String])
  case map([String: String])
}

/// A value as people are shown it.
package enum ShownSetting: Sendable, Equatable {
  /// There is none.
  case nothing
  case scalar(String)
  case list([String])
  case map([String: String])
}

/// A variable that others have named.
package struct StandardVariable: Sendable {
  /// How its text is written.
  package enum Writing: Sendable {
    /// As in the file.
    case plain
    /// A whole number of milliseconds.
    case milliseconds
    /// As HTTP's header Baggage: pairs whose values are percent-encoded.
    case encodedPairs
  }

  package let name: String
  package let writing: Writing

  package init(_ name: String, _ writing: Writing = .plain) {
    self.name = name
    self.writing = writing
  }
}
