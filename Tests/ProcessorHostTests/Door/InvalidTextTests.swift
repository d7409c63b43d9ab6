internal import ProcessorHost
internal import Testing

@Suite("Text that is not UTF-8")
struct InvalidTextTests {
  private static let illFormed: [[UInt8]] = [
    [0xFF], [0x61, 0x80, 0x62], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80],
    [0xF0, 0x9F, 0x92, 0x78], Array("12345678".utf8) + [0xC3],
  ]

  private static let places: [@Sendable ([UInt8]) -> [UInt8]] = [
    { Proto.request(SpanBytes.span("", Proto.bytes(5, $0))) },
    { Proto.request(SpanBytes.span("", Proto.bytes(3, $0))) },
    { Proto.request(SpanBytes.span("", Proto.bytes(9, Proto.bytes(1, $0) + Proto.bytes(2, [])))) },
    { Proto.request(SpanBytes.span("", SpanBytes.attribute(9, "k", Proto.bytes(1, $0)))) },
    { Proto.request(SpanBytes.span("", SpanBytes.attribute(9, "k", SpanBytes.nestedArray(2, Proto.bytes(1, $0))))) },
    { Proto.request(SpanBytes.span("", SpanBytes.event("e", Proto.bytes(3, Proto.bytes(1, $0))))) },
    { Proto.request(SpanBytes.span("", SpanBytes.link(Proto.bytes(3, $0)))) },
    { Proto.request(SpanBytes.span("", Proto.bytes(15, Proto.bytes(2, $0)))) },
    { Proto.bytes(1, Proto.bytes(2, Proto.bytes(1, Proto.bytes(2, $0)) + Proto.bytes(3, []))) },
    { Proto.bytes(1, Proto.bytes(1, Proto.bytes(3, Proto.bytes(4, $0)))) },
    { Proto.bytes(1, Proto.bytes(3, $0)) },
  ]

  @Test("gets U+FFFD wherever it stands, and is counted", arguments: places.indices)
  func replaced(place: Int) {
    for text in Self.illFormed {
      let admitted = AdmittedRequest(Self.places[place](text))
      #expect(admitted.refusals.isEmpty)
      #expect(admitted.bytes == Self.places[place](Array(String(decoding: text, as: UTF8.self).utf8)))
      #expect(admitted.notes.invalidStrings == 1)
      #expect(AdmittedRequest(admitted.bytes).isClean)
    }
  }

  @Test("is told from UTF-8 as Swift tells it, over all that starts with a byte of each kind")
  func agreesWithSwift() {
    let alphabet: [UInt8] = [
      0x00, 0x61, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1,
      0xF4, 0xF5, 0xFF,
    ]
    var texts: [[UInt8]] = [[]]
    for length in 1...4 {
      texts = texts.flatMap { text in alphabet.map { text + [$0] } }
      for text in texts {
        // Behind seven ASCII characters too, where the eight-byte step ends.
        for bytes in length < 4 ? [text, Array("1234567".utf8) + text] : [text] {
          let isValid = bytes.withUnsafeBufferPointer { run in
            run.baseAddress.map { UTF8Text.isValid($0, run.count) } ?? true
          }
          if isValid != (String(validating: bytes, as: UTF8.self) != nil) {
            Issue.record("\(bytes) is taken for \(isValid ? "UTF-8" : "ill-formed")")
          }
        }
      }
    }
  }

  @Test("a prefix is counted in Unicode scalars, and cut at their borders")
  func prefixes() {
    var random = FixedRandom(state: 5)
    let samples = ["a", "é", "€", "😀", "\u{0}", "e\u{301}", "👨‍👩‍👧"]
    for _ in 0..<2000 {
      let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in samples.randomElement(using: &random) ?? "" }
        .joined()
      let wanted = Int.random(in: 0...12, using: &random)
      let bytes = Array(text.utf8)
      let expected = Array(String(String.UnicodeScalarView(text.unicodeScalars.prefix(wanted))).utf8)
      let found = bytes.withUnsafeBufferPointer { run in
        run.baseAddress.map { UTF8Text.prefixLength($0, run.count, scalars: wanted) }
      }
      #expect(found?.bytes == expected.count)
      #expect(found?.isCut == (expected.count < bytes.count))
    }
  }
}
