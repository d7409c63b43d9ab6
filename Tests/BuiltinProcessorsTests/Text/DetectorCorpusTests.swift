internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import Testing

/// What the detectors find and what they take for a secret that is none, on strings that were labelled by hand before
/// there was a detector. With `DETECTOR_REPORT` set to a path, the figures and every failure are written there.
@Suite("The detectors on the labelled corpus")
struct DetectorCorpusTests {
  /// The most harmless strings, of a thousand, in which something may be hidden.
  private static let alarmsInThousand = 5.0

  @Test("Every planted secret is found to its last byte", arguments: CorpusDetectors.inForce + CorpusDetectors.optional)
  func planted(detector: String) throws {
    let figures = try CorpusReport.figures([detector], named: detector)
    #expect(figures.secrets >= 40)
    #expect(figures.misses.isEmpty, "\(figures.misses.joined(separator: "\n"))")
  }

  @Test(
    "Every planted secret is found among other lines, and in the escapes of JSON",
    arguments: CorpusDetectors.inForce + CorpusDetectors.optional)
  func embedded(detector: String) throws {
    let lines = try CorpusReport.figures([detector], named: detector) { $0.betweenLines() }
    #expect(lines.misses.isEmpty, "\(lines.misses.joined(separator: "\n"))")
    let json = try CorpusReport.figures([detector], named: detector) { $0.inJSON() }
    #expect(json.misses.isEmpty, "\(json.misses.joined(separator: "\n"))")
  }

  @Test("Few harmless strings are changed", arguments: CorpusDetectors.inForce + CorpusDetectors.optional)
  func harmless(detector: String) throws {
    let figures = try CorpusReport.figures([detector], named: detector)
    #expect(figures.alarmShare * 1_000 < Self.alarmsInThousand, "\(figures.alarms.joined(separator: "\n"))")
  }

  @Test("Few harmless strings are changed by all detectors of the shipped rules together")
  func together() throws {
    let figures = try CorpusReport.figures(CorpusDetectors.inForce, named: "together")
    #expect(figures.misses.isEmpty, "\(figures.misses.joined(separator: "\n"))")
    #expect(figures.alarmShare * 1_000 < Self.alarmsInThousand, "\(figures.alarms.joined(separator: "\n"))")
  }

  @Test(
    "In a span, each detector is asked about every string in which it finds something",
    arguments: CorpusDetectors.inForce + CorpusDetectors.optional)
  func scan(detector: String) throws {
    let detectors = try CorpusDetectors()
    let rig = try HidingRig(try CorpusDetectors.steps(for: detector))
    let texts = try Corpus.planted().map(\.text) + Corpus.harmless().map(\.text)
    for start in stride(from: 0, to: texts.count, by: 64) {
      let texts = texts[start..<min(start + 64, texts.count)]
      var span = PlainSpan()
      // An attribute for each: what is asked for goes by attribute.
      span.attributes = texts.indices.map { .init("note.\($0)", .string(texts[$0])) }
      let hidden = try rig.hide(span).attributes
      #expect(hidden.count == texts.count)
      for (text, value) in zip(texts, hidden.map(\.value)) {
        let ranges = try detectors.ranges(in: text, [detector])
        #expect((value != .string(text)) == !ranges.isEmpty, "\(text)")
      }
    }
  }

  @Test("The corpus is as large and as varied as its figures need")
  func size() throws {
    let harmless = try Corpus.harmless()
    let planted = try Corpus.planted()
    #expect(harmless.count >= 2_000)
    #expect(planted.count >= 1_000)
    #expect(Set(harmless.map(\.text)).count == harmless.count)
    #expect(planted.filter { $0.secrets.contains { $0.detector == "assignment" } }.count >= 250)
  }

  @Test("A placeholder is filled alike in every run, and in each line otherwise")
  func placeholders() throws {
    let line = "token=⟦{alnum:40}⟧ in /users/{id}"
    let first = try PlantedString(heading: "assignment", text: line)
    #expect(first.text.count == "token= in /users/{id}".count + 40)
    #expect(try PlantedString(heading: "assignment", text: line).text == first.text)
    let other = try PlantedString(heading: "assignment", text: line + ".")
    #expect(other.text != first.text + ".")
  }

  @Test("Cards and IBANs have right check digits", arguments: 0..<20)
  func checkDigits(seed: Int) throws {
    var placeholders = CorpusPlaceholders(line: "\(seed)")
    let card = placeholders.fill("{luhn:4:16}").utf8.reversed().enumerated().reduce(0) { sum, digit in
      let value = (Int(digit.element) - 48) * (digit.offset.isMultiple(of: 2) ? 1 : 2)
      return sum + value / 10 + value % 10
    }
    #expect(card % 10 == 0)
    let iban = placeholders.fill("{iban:FR}")
    let remainder = (iban.dropFirst(4) + iban.prefix(4)).utf8.reduce(0) { remainder, byte in
      byte < 65 ? (remainder * 10 + Int(byte) - 48) % 97 : (remainder * 100 + Int(byte) - 55) % 97
    }
    #expect(remainder == 1)
  }

  @Test("docs/hiding.md shows these figures")
  func page() throws {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
    let page = try String(contentsOf: root.appending(path: "docs/hiding.md"), encoding: .utf8)
    let table = try CorpusReport.markdown().split(separator: "\n").prefix { $0.hasPrefix("|") }
    #expect(table.count > 10)
    #expect(
      page.contains(table.joined(separator: "\n")),
      "DETECTOR_REPORT=PATH swift test --filter DetectorCorpusTests writes them")
  }

  @Test(
    "The figures are written where a report is asked for",
    .enabled(if: ProcessInfo.processInfo.environment["DETECTOR_REPORT"] != nil))
  func report() throws {
    let path = try #require(ProcessInfo.processInfo.environment["DETECTOR_REPORT"])
    try CorpusReport.markdown().write(to: URL(filePath: path), atomically: true, encoding: .utf8)
  }
}
