internal import ProcessorHost
internal import Testing

@Suite("Writing OTLP/JSON")
struct WriterTests {
  @Test("a span is written with lowerCamelCase names, integers of 64 bits as strings, ids as lower-case hexadecimal")
  func span() {
    let event = Proto.fixed64(1, .max) + Proto.string(2, "e")
    var span = Proto.bytes(1, [0xAB, 0xCD]) + Proto.bytes(4, [0x0F]) + Proto.string(5, "n") + Proto.integer(6, 2)
    span += Proto.fixed64(7, 1) + Proto.integer(10, 4_294_967_295) + Proto.bytes(11, event) + Proto.bytes(11, [])
    span += Proto.bytes(15, Proto.integer(3, 2)) + Proto.fixed32(16, 257)
    let expected = JSONDocuments.spans(
      #"{"traceId":"abcd","parentSpanId":"0f","name":"n","kind":2,"startTimeUnixNano":"1","#
        + #""droppedAttributesCount":4294967295,"events":[{"timeUnixNano":"18446744073709551615","name":"e"},{}],"#
        + #""status":{"code":2},"flags":257}"#)
    #expect(JSONDocuments.line(Proto.request(span)) == expected)
  }

  @Test("each kind of value has its member")
  func values() {
    let cases: [([UInt8], String)] = [
      (Proto.string(1, ""), #"{"stringValue":""}"#), (Proto.integer(2, 0), #"{"boolValue":false}"#),
      (Proto.signed(3, .min), #"{"intValue":"-9223372036854775808"}"#),
      (Proto.double(4, 0.1), #"{"doubleValue":0.1}"#), (Proto.double(4, -.infinity), #"{"doubleValue":"-Infinity"}"#),
      (Proto.bytes(5, []), #"{"arrayValue":{}}"#), (Proto.bytes(7, [0xFB, 0xFF]), #"{"bytesValue":"+/8="}"#),
      (Proto.bytes(7, [0]), #"{"bytesValue":"AA=="}"#), (Proto.bytes(7, [1, 2, 3]), #"{"bytesValue":"AQID"}"#),
      ([], "{}"),
    ]
    for (value, text) in cases { #expect(JSONDocuments.line(Proto.request(value: value)) == JSONDocuments.value(text)) }
  }

  @Test("strings are escaped where JSON and JavaScript ask for it")
  func escapes() {
    let name = "a\"\\/\n\r\t\u{8}\u{1F}\u{7F}\0é€😀\u{2027}\u{2028}\u{2029}\u{202A}"
    let expected = #"a\"\\/\n\r\t\u0008\u001f\u007f\u0000é€😀"# + "\u{2027}" + #"\u2028\u2029"# + "\u{202A}"
    #expect(
      JSONDocuments.line(Proto.request(Proto.string(5, name))) == JSONDocuments.spans(#"{"name":"\#(expected)"}"#))
  }

  @Test("unknown fields are left out and counted, wherever they stand, and a known number of another type is one")
  func unknownFields() {
    let unknown = Proto.integer(99, 1) + Proto.bytes(3000, [1, 2]) + Proto.fixed32(5, 7)
    let value = Proto.bytes(2, Proto.integer(8, 1))
    let span = unknown + Proto.string(5, "n") + Proto.bytes(9, Proto.string(1, "k") + value)
    let (text, leftOut) = JSONDocuments.write(Proto.request(span) + unknown)
    let expected = JSONDocuments.spans(#"{"name":"n","attributes":[{"key":"k","value":{}}]}"#)
    #expect(String(decoding: text, as: UTF8.self) == expected)
    #expect(leftOut == 7)
  }

  @Test("repeated elements that stand apart are one list in their order, and a field is never written twice")
  func scatteredElements() {
    let attribute = { (key: String) in Proto.bytes(9, Proto.string(1, key)) }
    let span =
      attribute("a") + attribute("b") + Proto.string(5, "n") + attribute("c") + Proto.bytes(11, []) + attribute("d")
      + Proto.bytes(11, [])
    let expected = #"{"attributes":[{"key":"a"},{"key":"b"},{"key":"c"},{"key":"d"}],"name":"n","events":[{},{}]}"#
    let (text, leftOut) = JSONDocuments.write(Proto.request(span))
    #expect(String(decoding: text, as: UTF8.self) == JSONDocuments.spans(expected))
    #expect(leftOut == 0)
  }

  @Test("the indented form has two spaces a level")
  func indented() {
    let request = Proto.request(Proto.string(5, "n") + Proto.bytes(15, []))
    let expected = """
      {
        "resourceSpans": [
          {
            "scopeSpans": [
              {
                "spans": [
                  {
                    "name": "n",
                    "status": {}
                  }
                ]
              }
            ]
          }
        ]
      }
      """
    #expect(String(decoding: JSONDocuments.write(request, as: .indented).text, as: UTF8.self) == expected)
    #expect(JSONDocuments.line([]) == "{}")
  }

  @Test("values nested past all bounds cost no stack")
  func depth() {
    var value: [UInt8] = []
    for _ in 0..<2000 { value = Proto.bytes(5, Proto.bytes(1, value)) }
    let (text, leftOut) = JSONDocuments.write(Proto.request(value: value))
    #expect(leftOut == 1)
    #expect(text.count < 4000)
  }
}
