internal import ProcessorHost

/// The variables of OTLP exporters that are set, by what follows the prefix. One for traces goes before the general one.
struct ExporterVariables {
  struct Variable {
    var name: String
    var value: String
    var isForTraces: Bool
  }

  private let environment: [String: String]
  /// What was passed over and why, as sentences.
  private(set) var warnings: [String] = []

  init(_ environment: [String: String]) { self.environment = environment }

  mutating func warn(_ sentence: String) { warnings.append(sentence) }

  /// The one that counts.
  subscript(_ suffix: String) -> Variable? { all(suffix).first }

  private func all(_ suffix: String) -> [Variable] {
    ["OTEL_EXPORTER_OTLP_TRACES_", "OTEL_EXPORTER_OTLP_"].compactMap { prefix in
      guard let value = environment[prefix + suffix]?.trimmingSpaces(), !value.isEmpty else { return nil }
      return Variable(name: prefix + suffix, value: value, isForTraces: prefix.hasSuffix("TRACES_"))
    }
  }

  /// The value of the first that is right; those before it are as if they were not set.
  private mutating func first<Value>(
    _ suffix: String, expected: String, _ parse: (String) -> Value?
  ) -> Value? {
    for variable in all(suffix) {
      if let value = parse(variable.value) { return value }
      warn("\(variable.name): expected \(expected), found '\(Self.shown(variable.value))'; the variable is not used")
    }
    return nil
  }

  private static func shown(_ value: String) -> String { .printable(String(value.prefix(40))) }

  mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ suffix: String) -> Choice? {
    first(suffix, expected: Choice.allCases.map(\.rawValue).joined(separator: " or ")) {
      Choice(rawValue: $0.lowercased())
    }
  }

  /// Milliseconds, as the specification has timeouts: 0 is no limit, in practice 24 days.
  mutating func timeout(_ suffix: String) -> Duration? {
    let longest = Int(Int32.max)
    return first(suffix, expected: "a number of milliseconds from 0 to \(longest)") { text in
      guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), number <= longest else {
        return nil
      }
      return .milliseconds(number == 0 ? longest : number)
    }
  }

  /// A boolean: true in any case is true, and everything else that is set false.
  mutating func flag(_ suffix: String) -> Bool? {
    guard let variable = self[suffix] else { return nil }
    switch variable.value.lowercased() {
    case "true": return true
    case "false": return false
    default:
      warn("\(variable.name): expected true or false, found '\(Self.shown(variable.value))', which counts as false")
      return false
    }
  }
}
