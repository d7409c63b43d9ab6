/// A setting that a rule declares: its type, its range, and the value in force.
///
/// Inside the range ops move it freely; what lies outside needs another rule file, and so another review.
public struct Setting: Sendable, Equatable {
  /// What a setting holds.
  public enum Kind: String, Sendable {
    /// Seconds, written `60s`, `500ms`, `2m` or `1h`.
    case duration
    /// A whole number.
    case count
    /// A share from 0 to 1.
    case ratio
    /// True or false.
    case flag
    /// One of a list of strings.
    case choice
  }

  /// A value of one of the kinds.
  public enum Value: Sendable, Equatable {
    case number(Double)
    case count(Int64)
    case flag(Bool)
    case choice(String)
  }

  /// The name by which the rule and ops know it.
  public var name: String
  /// What it holds.
  public var kind: Kind
  /// The value in force: the rule's own, or the one from outside.
  public var value: Value
  /// The least and greatest number allowed.
  public var range: ClosedRange<Double>
  /// What a choice may be.
  public var choices: [String]
}

extension Setting {
  /// The value as it would be given from outside.
  public var valueText: String {
    switch value {
    case .number(let number): text(number)
    case .count(let count): "\(count)"
    case .flag(let flag): "\(flag)"
    case .choice(let text): text
    }
  }

  /// The range as a person reads it: `1 to 500`.
  public var rangeText: String { "\(text(range.lowerBound)) to \(text(range.upperBound))" }

  private func text(_ number: Double) -> String {
    let digits = Int64(exactly: number).map { "\($0)" } ?? "\(number)"
    return kind == .duration ? digits + "s" : digits
  }
}

/// Reads what a rule gives to `settings`, and the values that ops give by name.
struct SettingsReader {
  let source: RuleSource
  /// Values from outside, by name, as text.
  let overrides: [String: String]

  static let kinds = ["duration", "count", "ratio", "flag", "choice"]

  func read(_ value: LuaValue, line: Int?) throws(RuleError) -> [Setting] {
    guard let table = value.table, table.elements.isEmpty, table.oddKey == nil else {
      throw source.error(line, "settings are named: settings { threshold = duration \"60s\" }")
    }
    var settings: [Setting] = []
    for member in table.members {
      guard let node = member.value.node, Self.kinds.contains(node.kind) else {
        throw source.error(
          source.lineWriting(member.name),
          "the setting \(member.name) needs a type, such as count(100) or duration \"60s\"; this is "
            + member.value.typeName)
      }
      var setting = try declared(member.name, node)
      if let text = overrides[member.name] { try apply(text, to: &setting, node.line) }
      settings.append(setting)
    }
    return settings
  }

  private func declared(_ name: String, _ node: LuaNode) throws(RuleError) -> Setting {
    guard let first = node.arguments.first else { throw usage(node, "needs a default") }
    let options = node.arguments.count > 1 ? node.arguments[1] : .none
    switch node.kind {
    case "duration":
      guard let seconds = first.text.flatMap(Self.seconds) else {
        throw usage(node, "takes a number and a unit, ms, s, m or h: duration \"60s\"")
      }
      let range = try range(options, node, within: 0...1e9, Self.seconds)
      return try checked(Setting(name: name, kind: .duration, value: .number(seconds), range: range, choices: []), node)
    case "count":
      guard case .int(let count) = first else { throw usage(node, "takes a whole number: count(100)") }
      let range = try range(options, node, within: 0...1e15) { _ in nil }
      return try checked(Setting(name: name, kind: .count, value: .count(count), range: range, choices: []), node)
    case "ratio":
      guard let ratio = first.number else { throw usage(node, "takes a number from 0 to 1: ratio(0.1)") }
      let range = try range(options, node, within: 0...1) { _ in nil }
      return try checked(Setting(name: name, kind: .ratio, value: .number(ratio), range: range, choices: []), node)
    case "flag":
      guard case .bool(let flag) = first else { throw usage(node, "takes true or false: flag(true)") }
      return Setting(name: name, kind: .flag, value: .flag(flag), range: 0...1, choices: [])
    default:
      let choices = options.table?.elements.compactMap(\.text) ?? []
      guard let text = first.text, choices.contains(text) else {
        throw usage(node, "takes a default and the list it is from: choice(\"a\", { \"a\", \"b\" })")
      }
      return Setting(name: name, kind: .choice, value: .choice(text), range: 0...1, choices: choices)
    }
  }

  private func range(
    _ options: LuaValue, _ node: LuaNode, within bounds: ClosedRange<Double>, _ parse: (String) -> Double?
  ) throws(RuleError) -> ClosedRange<Double> {
    guard options != .none else { return bounds }
    guard let table = options.table, table.elements.isEmpty else {
      throw usage(node, "takes its range by name: { min = …, max = … }")
    }
    var low = bounds.lowerBound
    var high = bounds.upperBound
    for member in table.members {
      guard let number = member.value.number ?? member.value.text.flatMap(parse), bounds.contains(number) else {
        throw usage(node, "has a \(member.name) that is not a value of its kind")
      }
      switch member.name {
      case "min": low = number
      case "max": high = number
      default:
        throw usage(node, "has no option \(member.name)" + Suggestion.hint(for: member.name, in: ["min", "max"]))
      }
    }
    guard low <= high else { throw usage(node, "has a min above its max") }
    return low...high
  }

  private func checked(_ setting: Setting, _ node: LuaNode) throws(RuleError) -> Setting {
    let number: Double =
      switch setting.value {
      case .number(let number): number
      case .count(let count): Double(count)
      default: setting.range.lowerBound
      }
    guard setting.range.contains(number) else {
      throw usage(node, "gives \(setting.name) a value outside its range, \(setting.rangeText)")
    }
    return setting
  }

  /// Puts a value from outside in the place of the default.
  private func apply(_ text: String, to setting: inout Setting, _ line: Int) throws(RuleError) {
    let expected: String
    switch setting.kind {
    case .duration:
      expected = "a duration such as 60s"
      if let seconds = Self.seconds(text) {
        setting.value = .number(seconds)
        return try inRange(setting, line)
      }
    case .count:
      expected = "a whole number"
      if let count = Int64(text) {
        setting.value = .count(count)
        return try inRange(setting, line)
      }
    case .ratio:
      expected = "a number from 0 to 1"
      if let ratio = Double(text) {
        setting.value = .number(ratio)
        return try inRange(setting, line)
      }
    case .flag:
      expected = "true or false"
      if let flag = Bool(text) {
        setting.value = .flag(flag)
        return
      }
    case .choice:
      expected = "one of \(setting.choices.joined(separator: ", "))"
      if setting.choices.contains(text) {
        setting.value = .choice(text)
        return
      }
    }
    throw source.error(line, "the setting \(source.name).\(setting.name) must be \(expected), not \(text)")
  }

  private func inRange(_ setting: Setting, _ line: Int) throws(RuleError) {
    let number: Double =
      switch setting.value {
      case .number(let number): number
      case .count(let count): Double(count)
      default: setting.range.lowerBound
      }
    guard setting.range.contains(number) else {
      throw source.error(
        line,
        "the setting \(source.name).\(setting.name) must be from \(setting.rangeText), which the rule allows")
    }
  }

  private func usage(_ node: LuaNode, _ what: String) -> RuleError {
    source.error(node.line, "\(node.kind) \(what)")
  }

  /// `500ms`, `60s`, `2m` or `1h` in seconds.
  static func seconds(_ text: String) -> Double? {
    let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
    for unit in units where text.hasSuffix(unit.suffix) {
      guard let number = Double(text.dropLast(unit.suffix.count)), number >= 0, number.isFinite else { continue }
      return number * unit.seconds
    }
    return nil
  }
}
