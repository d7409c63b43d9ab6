internal import BuiltinProcessors

/// The figures of the detectors on the corpus, as Markdown.
enum CorpusReport {
  /// What detectors do on the strings planted for them and on all harmless ones.
  static func figures(_ names: [String], named name: String) throws -> DetectorFigures {
    let detectors = try CorpusDetectors()
    let looked = Set(names)
    var figures = DetectorFigures(name: name)
    for string in try Corpus.planted() where string.secrets.contains(where: { looked.contains($0.detector) }) {
      figures.add(string, of: looked, hidden: try detectors.ranges(in: string.text, names))
    }
    for string in try Corpus.harmless() {
      let rightful = names.filter { !string.holds.contains($0) }
      figures.add(string, hidden: try detectors.ranges(in: string.text, rightful))
    }
    return figures
  }

  /// What detectors find of the strings planted for them when those are changed so that their secrets stay.
  static func figures(
    _ names: [String], named name: String, _ embedded: (PlantedString) -> PlantedString
  ) throws -> DetectorFigures {
    let detectors = try CorpusDetectors()
    var figures = DetectorFigures(name: name)
    for string in try Corpus.planted() where string.secrets.contains(where: { names.contains($0.detector) }) {
      let string = embedded(string)
      figures.add(string, of: Set(names), hidden: try detectors.ranges(in: string.text, names))
    }
    return figures
  }

  /// The table of all detectors, and below it each string that went wrong.
  static func markdown() throws -> String {
    var lines = [
      "| detector | planted | found | in JSON | in a form | rightly hidden | harmless strings changed |",
      "|---|---:|---:|---:|---:|---:|---:|",
    ]
    var failures: [String] = []
    let rows =
      (CorpusDetectors.inForce + CorpusDetectors.optional).map { (name: "`\($0)`", detectors: [$0]) }
      + [(name: "shipped rules together", detectors: CorpusDetectors.inForce)]
    for row in rows {
      let plain = try figures(row.detectors, named: row.name)
      let json = try figures(row.detectors, named: row.name) { $0.inJSON() }
      let form = try figures(row.detectors, named: row.name) { $0.inForm() }
      lines.append(
        "| \(row.name) | \(plain.secrets) | \(percent(plain.recall)) | \(percent(json.recall)) | \(percent(form.recall)) "
          + "| \(percent(plain.precision)) | \(plain.alarms.count) of \(plain.harmless) (\(percent(plain.alarmShare))) |"
      )
      failures += section("\(row.name): missed", plain.misses)
      failures += section("\(row.name): missed in the escapes of JSON", json.misses)
      failures += section("\(row.name): harmless and hidden", plain.alarms)
      failures += section("\(row.name): hidden beyond the secret", plain.excesses)
      failures += section("\(row.name): missed in a percent-encoded form", form.misses)
    }
    return (lines + failures + (try outOfReach())).joined(separator: "\n") + "\n"
  }

  private static func outOfReach() throws -> [String] {
    let detectors = try CorpusDetectors()
    let names = CorpusDetectors.inForce + CorpusDetectors.optional
    var figures = DetectorFigures(name: "out of reach")
    for string in try Corpus.outOfReach() {
      figures.add(string, of: Set(names), hidden: try detectors.ranges(in: string.text, names))
    }
    return section("Out of reach: \(figures.found) of \(figures.secrets) found all the same, missed", figures.misses)
  }

  private static func section(_ title: String, _ strings: [String]) -> [String] {
    strings.isEmpty ? [] : ["", "## \(title)", ""] + strings.map { "    " + $0 }
  }

  private static func percent(_ share: Double) -> String {
    let hundredths = Int((share * 10_000).rounded(share >= 0.5 ? .down : .up))
    let fraction = hundredths % 100
    return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
  }
}
