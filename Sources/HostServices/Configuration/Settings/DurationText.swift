/// Lengths of time as settings have them: `500ms`, `5s`, `2m`, `1h`.
enum DurationText {
  /// Milliseconds of each unit; where several end a text, the first is meant.
  private static let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)]

  /// Reads a whole number with its unit; `0` needs none.
  static func parse(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    for (unit, milliseconds) in units where text.hasSuffix(unit) {
      let digits = text.dropLast(unit.count)
      guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits) else {
        continue
      }
      let (product, overflow) = number.multipliedReportingOverflow(by: milliseconds)
      return overflow ? nil : .milliseconds(product)
    }
    return nil
  }

  /// Writes it in the largest unit in which it is whole.
  static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
    if milliseconds == 0 { return "0s" }
    for (unit, length) in units.reversed() where milliseconds % length == 0 { return "\(milliseconds / length)\(unit)" }
    return "\(milliseconds)ms"
  }
}

extension Duration {
  /// As settings have it: `60s` is written `1m`.
  package var settingText: String { DurationText.text(self) }
}
