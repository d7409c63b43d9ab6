internal import BuiltinProcessors
internal import ProcessorHost
import TestSupport
import Testing

@Suite("The scan for text detectors")
struct TextScannerTests {
  private static let names = CorpusDetectors.inForce + CorpusDetectors.optional

  /// What stands between parts of the corpus: escapes, marks that begin and end words, and ways of writing numbers that
  /// the corpus does not have.
  private static let glue = [
    "", "", " ", "\n", "\t", "\"", "'", ":", "::", "=", "/", ".", ",", "-", "_", "+", "%", "\\", "(", ")", "@", "a",
    "zz", "0", "17",
    "é", "日本", "%20", "%2B", "%3D", "%40", "%2520", "%41", "\\n", "\\u0026", "\\\\n", "%5Cn", "+( 1 ", "+(%28",
    "(555)%20234_5678", "1 (212) 555-0100", "%2b49 (30)", "DE", "de89", "219-09-", "::1", "fe80::", "10.0.0.",
  ]

  /// Parts of one to three texts with glue around them; now and then more than is joined with others.
  private static func text(_ corpus: [[UInt8]], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    if Int.random(in: 0..<200, using: &generator) == 0 { bytes = Array(repeating: UInt8(ascii: "x"), count: 17_000) }
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let whole = generator.pick(corpus)
      var part = whole[...]
      if Bool.random(using: &generator) {
        part = part.dropFirst(Int.random(in: 0...whole.count / 2, using: &generator))
      }
      if Bool.random(using: &generator) {
        part = part.dropLast(Int.random(in: 0...whole.count / 3, using: &generator))
      }
      bytes += generator.pick(glue).utf8 + part + generator.pick(glue).utf8
    }
    // Parts of characters are repaired, as texts are that come in.
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  @Test("Whatever a detector finds in a text, the scan tells that it may", arguments: 1...4)
  func complete(seed: UInt64) throws {
    let words = HideStep(
      .words(try CorpusDetectors.list("secret_words"), except: try CorpusDetectors.list("harmless_names")))
    let scanner = TextScanner(
      try TextPolicy([words, HideStep(.text(Self.names))], conditions: [nil, nil], rings: [:]))
    let detectors = try CorpusDetectors()
    let corpus = try (Corpus.planted().map(\.text) + Corpus.harmless().map(\.text)).map { Array($0.utf8) }
    var generator = SeededGenerator(seed: seed)
    var finds = Array(repeating: 0, count: Self.names.count)
    for _ in 0..<60 * detectorRounds {
      let texts = (0..<30).map { _ in Self.text(corpus, &generator) }
      scanner.begin(slots: texts.count)
      for (slot, text) in texts.enumerated() { text.withUnsafeBufferPointer { scanner.add($0, slot: slot) } }
      _ = scanner.scanAdded()
      for (slot, text) in texts.enumerated() {
        for (index, name) in Self.names.enumerated() {
          let string = String(decoding: text, as: UTF8.self)
          if try detectors.ranges(in: string, [name]).isEmpty { continue }
          finds[index] += 1
          #expect(scanner.mask(of: slot) & 1 << UInt64(index) != 0, "\(name): \(string.suffix(400).debugDescription)")
        }
      }
    }
    #expect(finds.allSatisfy { $0 > 10 * detectorRounds }, "\(finds)")
  }

  @Test("Texts of spoken language ask for no detector", .enabled(if: PatternLibrary.isReliable))
  func prose() throws {
    let words = HideStep(.words(["password", "token"], except: []))
    let scanner = TextScanner(
      try TextPolicy([words, HideStep(.text(Self.names))], conditions: [nil, nil], rings: [:]))
    let text = Array("The printer in room 12 does not start, says the customer; invoice 2024-117 of 3.50 is open.".utf8)
    scanner.begin(slots: 1)
    text.withUnsafeBufferPointer { scanner.add($0, slot: 0) }
    #expect(!scanner.scanAdded())
  }
}
