internal import ProcessorHost
internal import Testing

@Suite("OTLP/JSON attribute values")
struct ReaderValueTests {
  @Test("a member that is there is kept, default or not")
  func membersCount() throws {
    let cases: [(String, [UInt8])] = [
      (#"{"stringValue":""}"#, Proto.string(1, "")),
      (#"{"boolValue":false}"#, Proto.integer(2, 0)),
      (#"{"intValue":"0"}"#, Proto.integer(3, 0)),
      (#"{"doubleValue":0}"#, Proto.double(4, 0)),
      (#"{"arrayValue":{}}"#, Proto.bytes(5, [])),
      (#"{"kvlistValue":{"values":[]}}"#, Proto.bytes(6, [])),
      (#"{"bytesValue":""}"#, Proto.bytes(7, [])),
      ("{}", []),
      (#"{"stringValue":null}"#, []),
      (#"{"stringValue":null,"intValue":1}"#, Proto.integer(3, 1)),
    ]
    for (text, value) in cases {
      #expect(try JSONDocuments.request(JSONDocuments.value(text)) == Proto.request(value: value), "\(text)")
    }
  }

  @Test("arrays and maps nest, and their order stays")
  func nesting() throws {
    let text = """
      {"arrayValue":{"values":[{"intValue":1},{},{"kvlistValue":{"values":[{"key":"b","value":{"stringValue":"x"}},
      {"key":"a"}]}}]}}
      """
    let map =
      Proto.bytes(1, Proto.string(1, "b") + Proto.bytes(2, Proto.string(1, "x")))
      + Proto.bytes(1, Proto.string(1, "a"))
    let array =
      Proto.bytes(1, Proto.integer(3, 1)) + Proto.bytes(1, []) + Proto.bytes(1, Proto.bytes(6, map))
    #expect(try JSONDocuments.request(JSONDocuments.value(text)) == Proto.request(value: Proto.bytes(5, array)))
  }

  @Test(
    "bytes are read from either base64 alphabet, padded or not",
    arguments: [
      ("+/8=", [0xFB, 0xFF]), ("-_8", [0xFB, 0xFF]), ("-_8=", [0xFB, 0xFF]), ("+/8", [0xFB, 0xFF]), ("AA==", [0]),
      ("AA", [0]), ("AAAA", [0, 0, 0]), (#"\u0041A=="#, [0]), (#"\/w=="#, [0xFF]),
    ] as [(String, [UInt8])])
  func base64(text: String, bytes: [UInt8]) throws {
    let request = try JSONDocuments.request(JSONDocuments.value(#"{"bytesValue":"\#(text)"}"#))
    #expect(request == Proto.request(value: Proto.bytes(7, bytes)))
  }

  @Test(
    "what is no base64 is refused",
    arguments: ["A", "AAAAA", "A===", "AA=", "=", "AA==AA==", "A A=", "é", "AAA=="])
  func badBase64(text: String) throws {
    let error = try JSONDocuments.refusal(JSONDocuments.value(#"{"bytesValue":"\#(text)"}"#))
    #expect(error?.code == .badBase64)
  }

  @Test("two members at once are refused, and the path names the second")
  func severalMembers() throws {
    let error = try JSONDocuments.refusal(JSONDocuments.value(#"{"stringValue":"a","intValue":1}"#))
    #expect(error?.code == .severalValues)
    #expect(error?.path == "$.resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value.intValue")
  }

  @Test("values may nest as deep as the door lets pass, and one level more is refused by itself")
  func depth() throws {
    // A span, its attribute and the outermost value are three levels; each array adds itself and its element.
    let deepest = nested(30, innermost: #"{"arrayValue":{}}"#)
    let (request, notes) = try JSONDocuments.read(JSONDocuments.value(deepest))
    #expect(notes.isEmpty)
    #expect(JSONDocuments.line(request) == JSONDocuments.value(deepest))
    let tooDeep = nested(30, innermost: #"{"arrayValue":{"values":[{}]}}"#)
    #expect(try JSONDocuments.refusal(JSONDocuments.value(tooDeep))?.code == .valueTooDeep)
    #expect(try JSONDocuments.refusal(JSONDocuments.value(nested(200, innermost: "{}")))?.code == .valueTooDeep)
  }

  private func nested(_ arrays: Int, innermost: String) -> String {
    String(repeating: #"{"arrayValue":{"values":["#, count: arrays) + innermost
      + String(repeating: "]}}", count: arrays)
  }
}
