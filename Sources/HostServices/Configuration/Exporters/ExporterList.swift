internal import ProcessorHost
internal import Yams

/// The exporters: those of the file, those that variables and flags make, and of all these the ones that run.
///
/// The variables OTEL_EXPORTER_OTLP_… speak of the exporter `otlp`, SENTRY_DSN of `sentry`. Where the file has one of
/// that name they go before it, otherwise they make one. OTEL_TRACES_EXPORTER says which of all run; without it all do,
/// and where there are none, the console.
struct ExporterList {
  private(set) var drafts: [ExporterDraft] = []
  private(set) var errors: [ConfigurationError] = []
  private(set) var notices: [String] = []
  private var isInFile = false

  // MARK: The file

  mutating func read(_ node: Node, of file: ConfigurationFile, environment: [String: String]) {
    guard case .sequence(let items) = node else {
      if node.isNull { return }
      let message = "exporters expects a list, each item with its kind: - kind: otlp-http; not \(node.kindName)"
      errors.append(ConfigurationError(message, at: file.place(node)))
      return
    }
    isInFile = true
    for item in items { read(item: item, file, environment) }
  }

  private mutating func read(item: Node, _ file: ConfigurationFile, _ environment: [String: String]) {
    let kinds = ExporterSettings.Kind.allCases.map(\.rawValue)
    guard case .mapping(let mapping) = item, let kindNode = mapping["kind"], let text = kindNode.scalar?.string else {
      let message = "an exporter has a kind: \(kinds.joined(separator: ", "))"
      errors.append(ConfigurationError(message, at: file.place(item)))
      return
    }
    guard let kind = ExporterSettings.Kind(rawValue: text) else {
      let shown = String.printable(String(text.prefix(64)))
      let message = "there is no kind of exporter \(shown)" + Suggestion.hint(for: String(text.prefix(64)), in: kinds)
      errors.append(ConfigurationError(message, at: file.place(kindNode)))
      return
    }
    let name = mapping["name"]?.scalar?.string ?? kind.defaultName
    if let owner = ExporterSettings.Kind.allCases.first(where: { $0.defaultName == name }), name != "file",
      owner.defaultName != kind.defaultName
    {
      let message =
        "variables that speak of \(name) mean an exporter of kind \(owner.rawValue); name this one otherwise"
      errors.append(ConfigurationError(message, at: file.place(mapping["name"] ?? item)))
    }
    var draft = ExporterDraft(kind, name: name, why: file.place(kindNode))
    if mapping["name"] == nil { draft.reader.origins["name"] = .derived("by its kind") }
    draft.reader.read(mapping, of: file, environment: environment)
    for setting in ExporterSettingsTable.all where !setting.applies(to: kind) {
      let isGiven = draft.reader.origins.first { path, _ in path == setting.path || path.hasPrefix(setting.path + ".") }
      guard let isGiven else { continue }
      let message = "an exporter of kind \(kind.rawValue) has no \(setting.path)"
      errors.append(ConfigurationError(message, at: isGiven.value))
    }
    if drafts.contains(where: { $0.name == name }) {
      let message = "two exporters are named \(String.printable(name)); give one another name"
      errors.append(ConfigurationError(message, at: file.place(mapping["name"] ?? item)))
    }
    errors += draft.reader.errors
    draft.reader.errors = []
    drafts.append(draft)
  }

  // MARK: Variables and flags

  mutating func read(environment: [String: String], flags: [FlagValue]) {
    let picked = pick(environment, flags)
    addOTLP(environment, flags, isPicked: picked?.names.contains("otlp") == true)
    addSentry(environment)
    if let picked {
      narrow(to: picked.names, picked.origin)
    } else if drafts.isEmpty, !isInFile {
      drafts.append(ExporterDraft(.console, name: "console", why: .derived("no other exporter is named")))
    }
    for index in drafts.indices {
      errors += drafts[index].reader.errors
      drafts[index].reader.errors = []
    }
  }

  private func pick(_ environment: [String: String], _ flags: [FlagValue]) -> (names: [String], origin: Origin)? {
    let text: String
    let origin: Origin
    if let flag = flags.last(where: { $0.name == ExporterChoice.flag }) {
      (text, origin) = (flag.text, .flag(flag.name))
    } else if let name = ExporterChoice.variables.last(where: { environment[$0]?.isEmpty == false }) {
      (text, origin) = (environment[name] ?? "", .variable(name))
    } else {
      return nil
    }
    guard case .list(let names) = RawSetting(text, .list) else { return nil }
    return (names, origin)
  }

  private mutating func addOTLP(_ environment: [String: String], _ flags: [FlagValue], isPicked: Bool) {
    let endpoint = ExporterSettingsTable.endpoint
    let isGiven =
      endpoint.variables.contains { environment[$0]?.isEmpty == false } || flags.contains { $0.name == endpoint.flag }
    var index = drafts.firstIndex { $0.name == "otlp" && ($0.kind == .otlpHTTP || $0.kind == .otlpGRPC) }
    var isNew = false
    if index == nil, isGiven || isPicked {
      drafts.append(ExporterDraft(.otlpHTTP, name: "otlp", why: .derived("OpenTelemetry's default")))
      index = drafts.endIndex - 1
      isNew = true
    }
    guard let index else { return tellOfUnused(environment, flags) }
    var variables = OTLPVariables(environment: environment, flags: flags)
    variables.apply(to: &drafts[index].reader, isNew: isNew)
    notices += variables.notices
  }

  /// Headers or a protocol alone make no exporter.
  private mutating func tellOfUnused(_ environment: [String: String], _ flags: [FlagValue]) {
    var unused = ExporterSettingsTable.all.filter { $0.applies(to: .otlpHTTP) }.flatMap(\.variables)
      .filter { environment[$0]?.isEmpty == false }.sorted()
    unused += flags.map(\.name).filter { $0 == ExporterSettingsTable.kind.flag }
    if unused.isEmpty { return }
    notices.append(
      "\(unused.joined(separator: ", ")) \(unused.count == 1 ? "is" : "are") not used: no exporter is named otlp; "
        + "OTEL_EXPORTER_OTLP_ENDPOINT would make one")
  }

  private mutating func addSentry(_ environment: [String: String]) {
    guard environment["SENTRY_DSN"]?.isEmpty == false else { return }
    var index = drafts.firstIndex { $0.name == "sentry" && $0.kind == .sentry }
    if index == nil {
      drafts.append(ExporterDraft(.sentry, name: "sentry", why: .variable("SENTRY_DSN")))
      index = drafts.endIndex - 1
    }
    if let index { drafts[index].reader.read(ExporterSettingsTable.dsn, environment) }
  }

  /// Leaves the exporters that were asked for, in the order in which they were.
  private mutating func narrow(to names: [String], _ origin: Origin) {
    let known = drafts.map(\.name)
    var chosen: [ExporterDraft] = []
    for name in names where name != "none" {
      if chosen.contains(where: { $0.name == name }) { continue }
      if let draft = drafts.first(where: { $0.name == name }) {
        chosen.append(draft)
      } else if name == "console" {
        chosen.append(ExporterDraft(.console, name: name, why: origin))
      } else {
        let hint = Suggestion.hint(
          for: String(name.prefix(64)), in: Array(Set(known + ["otlp", "console", "none"])))
        let message = "there is no exporter \(String.printable(String(name.prefix(64))))\(hint)"
        errors.append(ConfigurationError(message, at: origin))
      }
    }
    if names.contains("none"), names.count > 1 {
      errors.append(ConfigurationError("none stands alone, or not at all", at: origin))
    }
    let left = known.filter { !names.contains($0) }
    if !left.isEmpty {
      notices.append(
        "\(origin) runs \(names.map(String.printable).joined(separator: ", ")); not "
          + left.map(String.printable).joined(separator: ", "))
    }
    drafts = chosen
  }
}

/// What says which exporters run.
package enum ExporterChoice {
  package static let flag = "--exporters"
  /// In rising precedence.
  package static let variables = ["OTEL_TRACES_EXPORTER", "PROCESSOR_HOST_EXPORTERS"]
  package static let meaning =
    "Which exporters run, of those in the file, `otlp` and `console`; `none` lets spans end behind the rules."
}
