internal import ProcessorHost
internal import Testing

@Suite("OTLP/JSON strings")
struct ReaderStringTests {
  @Test("escapes stand for what JSON says")
  func escapes() throws {
    let text = JSONDocuments.spans(#"{"name":"a\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00\u0000z"}"#)
    let expected = "a\"\\/\u{8}\u{C}\n\r\tAé€😀\0z"
    #expect(try JSONDocuments.request(text) == Proto.request(Proto.string(5, expected)))
  }

  @Test(
    "half a surrogate pair becomes U+FFFD and is counted",
    arguments: [
      (#"\ud800"#, "\u{FFFD}", 1), (#"\udc00x"#, "\u{FFFD}x", 1), (#"\ud800\ud83d\ude00"#, "\u{FFFD}😀", 1),
      (#"\ud800\u0041"#, "\u{FFFD}A", 1), (#"\ud800\ud800"#, "\u{FFFD}\u{FFFD}", 2),
      (#"\ud83dx\ude00"#, "\u{FFFD}x\u{FFFD}", 2),
    ])
  func loneSurrogates(text: String, expected: String, count: Int) throws {
    let (request, notes) = try JSONDocuments.read(JSONDocuments.spans(#"{"name":"\#(text)"}"#))
    #expect(request == Proto.request(Proto.string(5, expected)))
    #expect(notes.loneSurrogates == count)
    #expect(!notes.isEmpty)
  }

  @Test("bytes that are not UTF-8 become U+FFFD and are counted, also beside escapes")
  func invalidUTF8() throws {
    for (bytes, expected) in [
      ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xE2, 0x82], "\u{FFFD}"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
      ([0xC3, 0x5C, 0x6E, 0xA9], "\u{FFFD}\n\u{FFFD}"),
    ] as [([UInt8], String)] {
      let document = JSONDocuments.spans(#"{"name":"@"}"#).utf8.flatMap { $0 == 0x40 ? bytes : [$0] }
      let (request, notes) = try OTLPJSONReader.read(document)
      #expect(request == Proto.request(Proto.string(5, expected)))
      #expect(notes.invalidStrings == 1)
    }
  }

  @Test("strings of every length around a machine word come out whole")
  func lengths() throws {
    for count in 0..<40 {
      for end in ["", "\\n", "é"] {
        let run = String(repeating: "x", count: count)
        let expected = run + (end == "\\n" ? "\n" : end)
        let request = try JSONDocuments.request(JSONDocuments.value(#"{"stringValue":"\#(run)\#(end)"}"#))
        #expect(request == Proto.request(value: Proto.string(1, expected)))
      }
    }
  }

  @Test("lengths that take two and three bytes move their content and nothing else")
  func longStrings() throws {
    for count in [127, 128, 16_383, 16_384, 100_000] {
      let run = String(repeating: "é", count: count / 2)
      let request = try JSONDocuments.request(JSONDocuments.spans(#"{"flags":1,"name":"\#(run)"}"#))
      #expect(request == Proto.request(Proto.string(5, run) + Proto.fixed32(16, 1)))
    }
  }
}
