internal import ProcessorHost
internal import Yams

extension SettingReader {
  /// Reads the settings of a mapping.
  /// - Parameters:
  ///   - others: names at the top that somebody else reads.
  ///   - environment: what `${env:NAME}` in secrets stands for.
  mutating func read(
    _ mapping: Node.Mapping, of file: ConfigurationFile, others: [String] = [], environment: [String: String]
  ) {
    read(mapping, below: "", file, others, environment)
  }

  private mutating func read(
    _ mapping: Node.Mapping, below section: String, _ file: ConfigurationFile, _ others: [String],
    _ environment: [String: String]
  ) {
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        errors.append(ConfigurationError("the name of a setting is text", at: file.place(key)))
        continue
      }
      if section.isEmpty, others.contains(name) { continue }
      let path = section + name
      if let setting = settings.first(where: { $0.path == path }) {
        read(setting, value, file, environment)
      } else if settings.contains(where: { $0.path.hasPrefix(path + ".") }) {
        switch value {
        case .mapping(let inner): read(inner, below: path + ".", file, [], environment)
        // A heading whose settings are all commented out.
        case _ where value.isNull: break
        default:
          errors.append(
            ConfigurationError(
              "\(scope)\(path) has settings below it, not \(value.kindName)", at: file.place(value)))
        }
      } else {
        errors.append(ConfigurationError(unknown(name, in: section, others), at: file.place(key)))
      }
    }
  }

  private mutating func read(
    _ setting: Setting, _ node: Node, _ file: ConfigurationFile, _ environment: [String: String]
  ) {
    if setting.shape == .map, case .mapping(let pairs) = node {
      // Each by itself, so that each has its own place.
      for (name, value) in pairs { read(setting, value, named: name, file, environment) }
    } else {
      read(setting, node, named: nil, file, environment)
    }
  }

  private mutating func read(
    _ setting: Setting, _ node: Node, named name: Node?, _ file: ConfigurationFile, _ environment: [String: String]
  ) {
    let place = file.place(node)
    if let refusal = setting.refusalInFile {
      errors.append(ConfigurationError("\(scope)\(setting.path): \(refusal)", at: place))
      return
    }
    if node.isNull {
      errors.append(
        ConfigurationError("\(scope)\(setting.path) has no value; leave it out for its default", at: place))
      return
    }
    guard let raw = raw(setting, node, name) else {
      errors.append(
        ConfigurationError("\(scope)\(setting.path) expects \(setting.expected), not \(node.kindName)", at: place))
      return
    }
    guard setting.isSecret else { return store(raw, setting, from: place) }
    let references = VariableReferences(environment)
    let expanded = references.expand(raw)
    if let missing = expanded.missing {
      errors.append(
        ConfigurationError(
          "\(scope)\(setting.path) asks for the variable \(String.printable(missing)), which is not set", at: place))
    } else {
      store(expanded.value, setting, from: place)
    }
  }

  private func raw(_ setting: Setting, _ node: Node, _ name: Node?) -> RawSetting? {
    if let name {
      guard let name = name.scalar?.string, let text = node.scalar?.string else { return nil }
      return .map([name: text])
    }
    switch (node, setting.shape) {
    case (.scalar(let scalar), .scalar): return .scalar(scalar.string, isQuoted: scalar.isQuoted)
    case (.scalar(let scalar), .list): return RawSetting(scalar.string, .list)
    case (.sequence(let sequence), .list):
      let texts = sequence.compactMap { $0.isNull ? nil : $0.scalar?.string }
      return texts.count == sequence.count ? .list(texts) : nil
    default: return nil
    }
  }

  private func unknown(_ name: String, in section: String, _ others: [String]) -> String {
    let known = settings.map(\.path).filter { $0.hasPrefix(section) }
      .map { String($0.dropFirst(section.count).prefix { $0 != "." }) }
    let candidates = Array(Set(known + (section.isEmpty ? others : [])))
    let shown = String.printable(String(name.prefix(64)))
    let place = section.isEmpty && scope.isEmpty ? "" : " in \(scope)\(section.dropLast())".trimmingDot()
    // Comparing costs the product of the lengths.
    let hint = name.utf8.count <= 64 ? Suggestion.hint(for: name, in: candidates) : ""
    if !hint.hasPrefix("; did you mean"), let elsewhere = settings.first(where: { $0.path.hasSuffix("." + name) }) {
      // The right name on the wrong level.
      return "there is no setting \(shown)\(place); did you mean \(scope)\(elsewhere.path)?"
    }
    return "there is no setting \(shown)\(place)\(hint)"
  }
}

extension String {
  fileprivate func trimmingDot() -> String { hasSuffix(".") ? String(dropLast()) : self }
}

/// `${env:NAME}` in the values of a file.
struct VariableReferences {
  private let environment: [String: String]

  init(_ environment: [String: String]) { self.environment = environment }

  /// The value with its references replaced, and the first variable that there is not.
  func expand(_ raw: RawSetting) -> (value: RawSetting, missing: String?) {
    var missing: String?
    switch raw {
    case .scalar(let text, let isQuoted): return (.scalar(expand(text, &missing), isQuoted: isQuoted), missing)
    case .list(let texts): return (.list(texts.map { expand($0, &missing) }), missing)
    case .map(let pairs): return (.map(pairs.mapValues { expand($0, &missing) }), missing)
    }
  }

  private func expand(_ text: String, _ missing: inout String?) -> String {
    var expanded = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${env:"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      let name = String(rest[start.upperBound..<end])
      expanded += rest[..<start.lowerBound]
      if let value = environment[name], !value.isEmpty { expanded += value } else { missing = missing ?? name }
      rest = rest[rest.index(after: end)...]
    }
    return expanded + rest
  }
}
