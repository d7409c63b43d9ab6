internal import ProcessorHost
internal import Testing

@Suite("OTLP/JSON errors")
struct ReaderErrorTests {
  private static let span = "$.resourceSpans[0].scopeSpans[0].spans[0]"

  @Test("an error says where, what was expected and what kind of thing stands there, and never shows the value")
  func errorText() throws {
    let text = """
      {"resourceSpans": [{"scopeSpans": [{"spans": [
        {"name": "é", "traceId": "hunter2-is-secret"}
      ]}]}]}
      """
    let error = try #require(try JSONDocuments.refusal(text))
    #expect(error.code == .badHexadecimal)
    #expect(error.line == 2)
    #expect(error.column == 28)
    #expect(error.offset == 75)
    #expect(error.path == "\(Self.span).traceId")
    #expect(error.found == "a string of 17 bytes")
    #expect(!"\(error)".contains("hunter2"))
    let place = "line 2, column 28, \(Self.span).traceId"
    #expect("\(error)".hasPrefix("\(place): expected an even number of hexadecimal digits, found a string of 17 bytes"))
  }

  @Test(
    "a value of the wrong type is refused with its path",
    arguments: [
      (#"{"traceId":1}"#, ".traceId", "a number of 1 byte"), (#"{"name":{}}"#, ".name", "an object"),
      (#"{"attributes":{}}"#, ".attributes", "an object"),
      (#"{"attributes":[1]}"#, ".attributes[0]", "a number of 1 byte"),
      (#"{"attributes":[null]}"#, ".attributes[0]", "null"),
      (#"{"events":[{},{"name":true}]}"#, ".events[1].name", "true"),
      (#"{"status":[]}"#, ".status", "an array"), (#"{"flags":true}"#, ".flags", "true"), ("[]", "", "an array"),
      (#"{"kind":[]}"#, ".kind", "an array"), (#"{"startTimeUnixNano":{}}"#, ".startTimeUnixNano", "an object"),
      (#"{"attributes":[{"value":{"boolValue":"true"}}]}"#, ".attributes[0].value.boolValue", "a string of 4 bytes"),
      (#"{"attributes":[{"value":{"stringValue":-12.5}}]}"#, ".attributes[0].value.stringValue", "a number of 5 bytes"),
    ])
  func wrongTypes(span: String, path: String, found: String) throws {
    let error = try #require(try JSONDocuments.refusal(JSONDocuments.spans(span)))
    #expect(error.code == .wrongType)
    #expect(error.path == Self.span + path)
    #expect(error.found == found)
  }

  @Test(
    "ids that are not whole bytes of hexadecimal digits are refused",
    arguments: [
      ("traceId", "abc"), ("spanId", "0g"), ("parentSpanId", "AAECAwQFBgc="), ("spanId", "é"), ("traceId", " 00"),
    ])
  func badIDs(field: String, id: String) throws {
    let error = try #require(try JSONDocuments.refusal(JSONDocuments.spans(#"{"\#(field)":"\#(id)"}"#)))
    #expect(error.code == .badHexadecimal)
    #expect(error.path == "\(Self.span).\(field)")
  }

  @Test(
    "a field given twice is refused, under whichever of its names, and null counts",
    arguments: [
      #"{"name":"a","name":"a"}"#, #"{"traceId":"00","trace_id":"00"}"#, #"{"name":null,"name":"a"}"#,
      #"{"name":"a","n\u0061me":null}"#, #"{"attributes":[],"attributes":[]}"#,
    ])
  func duplicates(span: String) throws {
    #expect(try JSONDocuments.refusal(JSONDocuments.spans(span))?.code == .duplicateField)
  }

  @Test("a name that no enumeration value has is refused")
  func unknownEnumName() throws {
    let error = try JSONDocuments.refusal(JSONDocuments.spans(#"{"kind":"STATUS_CODE_ERROR"}"#))
    #expect(error?.code == .unknownEnumName)
  }

  @Test(
    "what is not JSON ends the document",
    arguments: [
      "", "  ", "{", #"{"resourceSpans""#, #"{"resourceSpans":"#, #"{"resourceSpans":["#, #"{"resourceSpans":[}"#,
      "{}x",
      "{}{}", "{,}", #"{"a":1,}"#, #"{"a":[1,]}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":1e}"#,
      #"{"a":tru}"#, #"{"a":nul"#, #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, #"{"a":"\u12"#, "{\"a\":\"\n\"}", #"{"a":"x}"#,
      #"{"a" 1}"#, #"{a:1}"#, "{'a':1}", #"{"a":NaN}"#, "[{}", "[{},]", #"{"a":[}"#, #"{"a":{]}"#, "\u{FEFF}", "{\0}",
    ])
  func syntax(text: String) {
    #expect(throws: OTLPJSONError.self) { try JSONDocuments.read(text) }
    #expect(code(of: text) == .syntax)
  }

  @Test("bad syntax inside a span ends the document, and its place is named")
  func syntaxInSpan() throws {
    let error = try #require(failure(of: JSONDocuments.spans("{}", #"{"name":"a" "kind":1}"#)))
    #expect(error.code == .syntax)
    #expect(error.path == "$.resourceSpans[0].scopeSpans[0].spans[1].name")
    #expect(error.expected == "',' or '}'")
    #expect(error.found == "a string of 4 bytes")
  }

  @Test(
    "a document that is another type, or whose list is none, is an error",
    arguments: ["1", "null", #""a""#, #"{"resourceSpans":{}}"#, "[1]"])
  func noRequest(text: String) {
    #expect(code(of: text) == .wrongType)
  }

  @Test("the Jaeger UI's own JSON is recognised")
  func jaeger() throws {
    let error = try #require(failure(of: #"{"data":[{"spans":[{"a":1}],"traceID":"1"}],"total":0}"#))
    #expect(error.code == .notOTLP)
    #expect(error.path == "$.data")
    #expect("\(error)".contains("Jaeger"))
    #expect(try JSONDocuments.read(#"{"data":[{"x":1}]}"#).notes.ignoredPaths == ["$.data"])
  }

  @Test("ignored fields may nest 1,000 levels deep, and no text is deep enough to crash")
  func documentDepth() throws {
    let deep = { (levels: Int) in
      #"{"x":\#(String(repeating: "[", count: levels))\#(String(repeating: "]", count: levels))}"#
    }
    #expect(try JSONDocuments.read(deep(1000)).notes.ignoredFields == 1)
    #expect(code(of: deep(1001)) == .documentTooDeep)
    #expect(code(of: #"{"x":"# + String(repeating: #"{"a":["#, count: 100_000)) == .documentTooDeep)
    let values = String(repeating: #"{"arrayValue":{"values":["#, count: 100_000)
    #expect(code(of: JSONDocuments.value(values)) == .documentTooDeep)
  }

  @Test("names in paths are quoted where they have to be, and cut where they are long")
  func oddNames() throws {
    let long = String(repeating: "n", count: 100)
    let notes = try JSONDocuments.read(#"{"a b":1,"a.b":{},"\#(long)":2,"é":3}"#).notes
    let cut = String(repeating: "n", count: 64)
    #expect(notes.ignoredPaths == [#"$["a b"]"#, #"$["a.b"]"#, "$.\(cut)…", #"$["é"]"#])
  }

  private func failure(of text: String) -> OTLPJSONError? {
    do {
      _ = try JSONDocuments.read(text)
      return nil
    } catch {
      return error
    }
  }

  private func code(of text: String) -> OTLPJSONError.Code? { failure(of: text)?.code }
}
