internal import ProcessorHost
internal import Testing

@Suite("OTLP/JSON refusals")
struct ReaderRefusalTests {
  @Test("a bad span is refused by itself, its neighbours go on")
  func badSpan() throws {
    let text = JSONDocuments.spans(
      #"{"name":"a"}"#, #"{"name":"b","x":1,"traceId":"zz"}"#, "7", #"{"name":"c"}"#,
      #"{"events":[{"attributes":[{"key":"k","value":{"intValue":"x"}}]}],"name":"d"}"#, #"{"name":"e"}"#)
    let (request, notes) = try JSONDocuments.read(text)
    #expect(request == Proto.request(spans: ["a", "c", "e"].map { Proto.string(5, $0) }))
    #expect(notes.spans == 3)
    #expect(notes.refusedSpans == 3)
    #expect(notes.refusalCount == 3)
    let spans = "$.resourceSpans[0].scopeSpans[0].spans"
    #expect(
      notes.refusals.map(\.error.path) == [
        "\(spans)[1].traceId", "\(spans)[2]", "\(spans)[4].events[0].attributes[0].value.intValue",
      ])
    #expect(notes.ignoredFields == 0, "what a refused span ignores is not told of twice")
  }

  @Test("a fault in a scope or in the list of spans refuses those spans, and counts them")
  func badScope() throws {
    let text = """
      {"resourceSpans":[{"scopeSpans":[
        {"spans":[{"name":"a"}]},
        {"spans":[{"name":"b"},{"traceId":"zz"},7],"scope":{"name":1}},
        {"spans":{"name":"lost"}},
        {"spans":[{"name":"c"}]}]}]}
      """
    let (request, notes) = try JSONDocuments.read(text)
    let survivors = ["a", "c"].flatMap { Proto.bytes(2, Proto.bytes(2, Proto.string(5, $0))) }
    #expect(request == Proto.bytes(1, survivors))
    #expect(notes.spans == 2)
    #expect(notes.refusals.map(\.spans) == [3, 0])
    #expect(notes.refusedSpans == 3)
    #expect(
      notes.refusals.map(\.error.path) == [
        "$.resourceSpans[0].scopeSpans[1].scope.name", "$.resourceSpans[0].scopeSpans[2].spans",
      ])
  }

  @Test("a fault in a resource refuses the spans of that resource alone")
  func badResource() throws {
    let text = """
      {"resourceSpans":[
        {"resource":{"attributes":[{"key":7}]},"scopeSpans":[{"spans":[{},{}]},{"spans":[{}]},null]},
        {"scopeSpans":[{"spans":[{"name":"a"}]}]}]}
      """
    let (request, notes) = try JSONDocuments.read(text)
    #expect(request == Proto.request(Proto.string(5, "a")))
    #expect(notes.refusals.map(\.spans) == [3])
    #expect(notes.refusals.first?.error.path == "$.resourceSpans[0].resource.attributes[0].key")
  }

  @Test("of very many refusals the first hundred are told, all are counted")
  func manyRefusals() throws {
    let spans = [String](repeating: #"{"name":1}"#, count: 1000).joined(separator: ",")
    let notes = try JSONDocuments.read(JSONDocuments.spans(spans)).notes
    #expect(notes.refusals.count == 100)
    #expect(notes.refusalCount == 1000)
    #expect(notes.refusedSpans == 1000)
    #expect(notes.refusals.last?.error.path == "$.resourceSpans[0].scopeSpans[0].spans[99].name")
  }

  @Test("JSON lines: blank lines are passed over, a bad line names itself and loses no other")
  func lines() throws {
    let one = JSONDocuments.spans(#"{"name":"a"}"#)
    let text = "\u{FEFF}\(one)\r\n\n  \t\r\n{\"resourceSpans\":7}\n\(JSONDocuments.spans(#"{"name":1}"#))\n{\n\(one)"
    var lines: [OTLPJSONLine] = []
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      OTLPJSONReader.readLines(bytes) { lines.append($0) }
    }
    #expect(lines.map(\.number) == [1, 4, 5, 6, 7])
    let expected = Proto.request(Proto.string(5, "a"))
    #expect(try lines[0].content.get().request == expected)
    #expect(try lines[4].content.get().request == expected)
    let refusal = try #require(try lines[2].content.get().notes.refusals.first)
    #expect(refusal.error.line == 5)
    guard case .failure(let error) = lines[1].content else {
      Issue.record("a line with a number in place of the list was read")
      return
    }
    #expect(error.line == 4)
    #expect(error.column == 18)
    #expect(Array(text.utf8)[error.offset] == UInt8(ascii: "7"))
    #expect(throws: OTLPJSONError.self) { try lines[3].content.get() }
  }
}
