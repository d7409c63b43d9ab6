package import ProcessorHost

/// What a scan found, grouped by surface, key and kind.
package struct ScanReport: Sendable {
  private struct Tally {
    var finding: ScanFinding
    var traces: Set<TraceID> = []
    var lastSpan = 0
  }

  private let kindOfStep: [String]
  private var tallies: [ScanFinding.Place: Tally] = [:]
  /// How many spans were looked at.
  package private(set) var spans = 0
  /// How many spans hold a finding.
  package private(set) var spansWithFindings = 0
  /// How many distinct resources hold a finding.
  package private(set) var resourcesWithFindings = 0
  /// How many distinct scopes hold a finding.
  package private(set) var scopesWithFindings = 0
  /// How many inputs, lines or fields could not be read.
  package var refused = 0

  package init(_ policy: ScanPolicy) { kindOfStep = policy.kindOfStep }

  /// Takes in a span.
  /// - Parameter span: the span, as it is when all is hidden that was found.
  package mutating func add(_ span: ScanFinding.Example, _ findings: [HideFinding]) {
    spans += 1
    if findings.isEmpty { return }
    spansWithFindings += 1
    let number = spans
    for finding in findings {
      count(finding, span) { tally in
        tally.traces.insert(span.traceID)
        if tally.lastSpan != number { tally.finding.spans += 1 }
        tally.lastSpan = number
      }
    }
  }

  /// Takes in a resource or a scope, each distinct one once.
  /// - Parameter span: a span that came in it.
  package mutating func add(_ carrier: HideSurface.Carrier, of span: ScanFinding.Example?, _ findings: [HideFinding]) {
    if findings.isEmpty { return }
    if carrier == .scope { scopesWithFindings += 1 } else { resourcesWithFindings += 1 }
    for finding in findings { count(finding, span) { _ in } }
  }

  private mutating func count(
    _ finding: HideFinding, _ span: ScanFinding.Example?, _ update: (inout Tally) -> Void
  ) {
    let place = ScanFinding.Place(
      surface: finding.place.surface, key: finding.place.keys.isEmpty ? nil : finding.place.key,
      detector: kindOfStep[finding.step])
    var tally =
      tallies[place]
      ?? Tally(finding: ScanFinding(place: place, sample: MaskedSample.text(of: finding.secret), example: span))
    tally.finding.hits += 1
    update(&tally)
    tallies[place] = tally
  }

  /// All findings; those that weigh most first.
  package var findings: [ScanFinding] {
    tallies.values.map { tally in
      var finding = tally.finding
      finding.traces = tally.traces.count
      return finding
    }
    .sorted()
  }

  /// Whether nothing was found.
  package var isClean: Bool { tallies.isEmpty }

  /// How many secrets there are in all.
  package var hits: Int { tallies.values.reduce(0) { $0 + $1.finding.hits } }

  /// The kinds that were found; those that weigh most first.
  package var detectors: [String] {
    let found = Set(tallies.keys.map(\.detector))
    return ScanPolicy.kinds.filter(found.contains)
  }

  /// How many places hold something, of whatever kind.
  package var places: Int {
    var places: [HideSurface: Set<String?>] = [:]
    for place in tallies.keys { places[place.surface, default: []].insert(place.key) }
    return places.values.reduce(0) { $0 + $1.count }
  }

  /// The report in one line: `7 of 40 spans hold 23 findings of 5 kinds in 12 places`.
  package var summary: String {
    if isClean { return "nothing found in \(Self.count(spans, "span"))" }
    var holders = ["\(spansWithFindings) of \(Self.count(spans, "span"))"]
    if resourcesWithFindings > 0 { holders.append(Self.count(resourcesWithFindings, "resource")) }
    if scopesWithFindings > 0 { holders.append(Self.count(scopesWithFindings, "scope")) }
    let last = holders.removeLast()
    let subject = holders.isEmpty ? last : holders.joined(separator: ", ") + " and " + last
    let isOne = spansWithFindings + resourcesWithFindings + scopesWithFindings == 1
    return "\(subject) \(isOne ? "holds" : "hold") \(Self.count(hits, "finding")) of "
      + "\(Self.count(detectors.count, "kind")) in \(Self.count(places, "place"))"
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}

extension ScanReport {
  /// What a rule says to hide all that was found.
  package var hint: [String] {
    let detectors = detectors
    var lines: [String] = []
    // Names inside text are judged by the words of the keys.
    if detectors.contains(ScanPolicy.words) || detectors.contains("assignment") {
      lines.append("match.words(list \"secret_words\", { except = list \"harmless_names\" }),")
    }
    let names = detectors.filter { $0 != ScanPolicy.words }.map { "\"\($0)\"" }
    if !names.isEmpty { lines.append("match.text { \(names.joined(separator: ", ")) },") }
    return ["hide = {"] + lines.map { "  " + $0 } + ["}"]
  }

  /// Says what the numbers count where that is not plain; nil where it is.
  package var note: String? {
    guard resourcesWithFindings + scopesWithFindings > 0 else { return nil }
    return "What stands in a resource or a scope counts once for all spans that share it."
  }
}
