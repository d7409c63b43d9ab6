internal import ProcessorHost

/// Reads variables by the OpenTelemetry specification's rules: an empty one is unset, and one that is not as it should
/// be is as if it were unset, with a warning.
///
/// OpenTelemetry specification: Environment Variable Specification, Configuration types.
struct EnvironmentReader {
  let environment: [String: String]
  /// What was passed over and why, as sentences.
  private(set) var warnings: [String] = []
  /// Each variable is told of once, also where it says several things.
  private var refused: Set<String> = []

  init(_ environment: [String: String]) { self.environment = environment }

  /// The text of a variable without spaces around it; nil where nothing is left.
  func text(_ name: String) -> String? {
    guard let text = environment[name]?.utf8 else { return nil }
    return String(text[...].trimmingSpaces()).flatMap { $0.isEmpty ? nil : $0 }
  }

  mutating func warn(_ sentence: String) { warnings.append(sentence) }

  mutating func warn(_ sentences: [String]) { warnings += sentences }

  /// The value of the first variable that is set and right, in falling precedence.
  mutating func first<Value>(_ variables: [EnvironmentVariable<Value>]) -> Value? {
    for variable in variables {
      guard let text = text(variable.name) else { continue }
      if let value = variable.parse(text) { return value }
      if refused.insert(variable.name).inserted {
        warn("\(variable.name): expected \(variable.expected), found '\(Self.shown(text))'; the variable is not used")
      }
    }
    return nil
  }

  /// A boolean: true in any case is true, and everything else that is set false.
  mutating func flag(_ name: String) -> Bool? {
    guard let text = text(name) else { return nil }
    switch text.lowercased() {
    case "true": return true
    case "false": return false
    default:
      warn("\(name): expected true or false, found '\(Self.shown(text))', which counts as false")
      return false
    }
  }

  /// Enough of a text to know it again, without characters that have power over a terminal.
  static func shown(_ text: String) -> String { .printable(String(text.prefix(40))) }
}

/// A variable, and what its text has to be.
struct EnvironmentVariable<Value> {
  let name: String
  /// What it takes, to be put behind "expected".
  let expected: String
  let parse: (String) -> Value?
}

extension EnvironmentVariable where Value == Int {
  /// A whole number, by default of those that the specification asks for.
  static func count(_ name: String, _ range: ClosedRange<Int> = 0...Int(Int32.max)) -> Self {
    Self(name: name, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
      Int(digits: text[...]).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A number of bytes, as the host's variables have it: `65536`, `64KiB`, `64MiB`, `1GiB`.
  static func bytes(_ name: String, _ range: ClosedRange<Int>) -> Self {
    Self(name: name, expected: "bytes from \(range.lowerBound) to \(range.upperBound), such as 64MiB") { text in
      let unit = [("KiB", 10), ("MiB", 20), ("GiB", 30)].first { text.hasSuffix($0.0) }
      guard let number = Int(digits: text.dropLast(unit?.0.count ?? 0)) else { return nil }
      let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (unit?.1 ?? 0))
      return !overflow && range.contains(bytes) ? bytes : nil
    }
  }
}

extension EnvironmentVariable where Value == Duration {
  /// A whole number of milliseconds. The specification's durations and timeouts.
  /// - Parameter zero: what 0 stands for.
  static func milliseconds(_ name: String, zero: Duration) -> Self {
    let count = EnvironmentVariable<Int>.count(name)
    return Self(name: name, expected: count.expected + ", in milliseconds") { text in
      count.parse(text).map { $0 == 0 ? zero : .milliseconds($0) }
    }
  }

  /// A length of time with its unit, as the host's variables have it: `500ms`, `5s`, `2m`, `1h`.
  static func time(_ name: String, _ range: ClosedRange<Duration>) -> Self {
    let expected = "a time from \(range.lowerBound) to \(range.upperBound) with its unit ms, s, m or h, such as 5s"
    return Self(name: name, expected: expected) { text in
      // "ms" before "s" and "m", which end it or begin it.
      let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]
      let unit = text == "0" ? ("", 1) : units.first { text.hasSuffix($0.0) }
      guard let unit, let number = Int(digits: text.dropLast(unit.0.count)) else { return nil }
      let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.1)
      if overflow { return nil }
      return range.contains(.milliseconds(milliseconds)) ? .milliseconds(milliseconds) : nil
    }
  }

  /// What a timeout of 0 stands for in the specification: no limit, in practice 24 days.
  static var noLimit: Duration { .milliseconds(Int(Int32.max)) }
}

extension Int {
  /// A number of digits alone, without a sign.
  fileprivate init?(digits: Substring) {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    self.init(digits)
  }
}

extension Substring.UTF8View {
  /// What is left without spaces and tabs around it.
  func trimmingSpaces() -> Self {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    var rest = self
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return rest
  }
}
