package import ProcessorHost

/// What a rule's code may do, power by power, for a person to read.
package struct RulePowers {
  /// A sentence's end for each power: `read attributes.slow_trace`.
  package let all: [String]

  /// The powers of a rule, with what its code looks at.
  package init(_ rule: RuleDefinition) {
    self.init(rule.powers, rule.hasTraceHook ? (rule.hasSpanHook ? "spans and traces" : "traces") : "spans")
  }

  /// - Parameter what: what it may sample and drop.
  package init(_ powers: Powers, _ what: String = "spans") {
    var all = powers.rewritePaths.map { "write free text into \($0)" }
    all += powers.readPaths.map { "read \($0)" }
    all += powers.set.sorted { $0.key < $1.key }.map { "set \($0.key) to \($0.value.text)" }
    all += powers.sampleReasons.map { "sample or keep \(what), reason \($0)" }
    if let key = powers.reasonAttribute { all.append("set \(key) to the reason for which a trace stays") }
    all += powers.dropReasons.map { "drop \(what), reason \($0)" }
    self.all = all
  }

  /// All of it in one line.
  package var text: String { all.isEmpty ? "may do nothing else" : "may " + all.joined(separator: "; ") }

  /// What these powers have that others have not.
  func beyond(_ others: RulePowers) -> [String] { all.filter { !others.all.contains($0) } }
}

extension Powers.Settable {
  /// What may be written.
  package var text: String {
    switch self {
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .number: "a number"
    case .choice(let texts): "one of " + texts.joined(separator: ", ")
    case .spanName: "the name of a span of its trace, as hiding left it"
    }
  }
}
