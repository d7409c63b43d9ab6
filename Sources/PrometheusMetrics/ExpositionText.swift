/// Writes families in Prometheus' text exposition format, version 0.0.4.
struct ExpositionText {
  /// The value of the header Content-Type.
  static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  /// Adds a family whose names are allowed and whose series differ.
  mutating func write(_ family: MetricFamily) {
    text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n"
    text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
    for sample in family.samples {
      switch sample.value {
      case .number(let number): line(family.name, sample.labels, Self.text(number))
      case .observations(let observations): write(observations, family, sample.labels)
      }
    }
  }

  private mutating func write(_ observations: HistogramValue, _ family: MetricFamily, _ labels: [MetricLabel]) {
    if family.kind == .histogram {
      var below = 0
      for (bound, count) in zip(observations.bounds + [.infinity], observations.counts) {
        below += count
        line(family.name + "_bucket", labels + [MetricLabel("le", Self.text(bound))], "\(below)")
      }
    }
    line(family.name + "_sum", labels, Self.text(observations.sum))
    line(family.name + "_count", labels, "\(observations.count)")
  }

  private mutating func line(_ name: String, _ labels: [MetricLabel], _ value: String) {
    text += name
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(value)\n"
  }

  private static func text(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
    // Up to here every whole number has a value of its own, and is read more easily without an exponent.
    if number == number.rounded(), abs(number) < 9_007_199_254_740_992 { return "\(Int64(number))" }
    return "\(number)"
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      // A reader that ends lines here too would take what follows for a line of its own.
      case "\r": escaped += " "
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
