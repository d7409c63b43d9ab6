internal import ProcessorHost
internal import Testing

@Suite("OTLP/JSON fields")
struct ReaderFieldTests {
  @Test("every field of a span comes out under its number, whatever the order in the text")
  func everyFieldOfASpan() throws {
    let text = JSONDocuments.spans(
      """
      {"flags":257,"status":{"code":2,"message":"no"},"droppedLinksCount":3,"links":[{"flags":1,
      "droppedAttributesCount":4,"attributes":[],"traceState":"b=2","spanId":"0102030405060708","traceId":"0A"}],
      "droppedEventsCount":2,"events":[{"droppedAttributesCount":5,"name":"e","timeUnixNano":"7"}],
      "droppedAttributesCount":1,"attributes":[{"value":{"boolValue":true},"key":"k"}],
      "endTimeUnixNano":18446744073709551615,"startTimeUnixNano":"1","kind":3,"name":"n",
      "parentSpanId":"ff","traceState":"a=1","spanId":"Ee","traceId":"5B8effF798038103D269B633813FC60C"}
      """)
    let link =
      Proto.bytes(1, [10]) + Proto.bytes(2, [1, 2, 3, 4, 5, 6, 7, 8]) + Proto.string(3, "b=2")
      + Proto.integer(5, 4) + Proto.fixed32(6, 1)
    let event = Proto.fixed64(1, 7) + Proto.string(2, "e") + Proto.integer(4, 5)
    let attribute = Proto.string(1, "k") + Proto.bytes(2, Proto.integer(2, 1))
    let traceID: [UInt8] = [
      0x5B, 0x8E, 0xFF, 0xF7, 0x98, 0x03, 0x81, 0x03, 0xD2, 0x69, 0xB6, 0x33, 0x81, 0x3F, 0xC6, 0x0C,
    ]
    var span = Proto.bytes(1, traceID) + Proto.bytes(2, [0xEE]) + Proto.string(3, "a=1")
    span += Proto.bytes(4, [0xFF]) + Proto.string(5, "n") + Proto.integer(6, 3)
    span += Proto.fixed64(7, 1) + Proto.fixed64(8, .max) + Proto.bytes(9, attribute)
    span += Proto.integer(10, 1) + Proto.bytes(11, event) + Proto.integer(12, 2)
    span += Proto.bytes(13, link) + Proto.integer(14, 3)
    span += Proto.bytes(15, Proto.string(2, "no") + Proto.integer(3, 2)) + Proto.fixed32(16, 257)
    #expect(try JSONDocuments.request(text) == Proto.request(span))
  }

  @Test("every field of a resource and a scope comes out under its number")
  func everyFieldAroundSpans() throws {
    let text = """
      {"resourceSpans":[{"schemaUrl":"r","scopeSpans":[{"schemaUrl":"s","scope":{"droppedAttributesCount":2,
      "attributes":[{"key":"a"}],"version":"1","name":"n"}}],"resource":{"entityRefs":[{"descriptionKeys":["d",""],
      "idKeys":["i"],"type":"t","schemaUrl":"u"}],"droppedAttributesCount":1}}]}
      """
    let entity =
      Proto.string(1, "u") + Proto.string(2, "t") + Proto.string(3, "i") + Proto.string(4, "d")
      + Proto.string(4, "")
    let scope =
      Proto.string(1, "n") + Proto.string(2, "1") + Proto.bytes(3, Proto.string(1, "a"))
      + Proto.integer(4, 2)
    let resource = Proto.integer(1 + 1, 1) + Proto.bytes(3, entity)
    let scopeSpans = Proto.bytes(1, scope) + Proto.string(3, "s")
    let resourceSpans = Proto.bytes(1, resource) + Proto.bytes(2, scopeSpans) + Proto.string(3, "r")
    #expect(try JSONDocuments.request(text) == Proto.bytes(1, resourceSpans))
  }

  @Test("proto3 defaults and null are as good as absent, an empty message is not")
  func defaults() throws {
    let text = JSONDocuments.spans(
      #"{"name":"","kind":0,"flags":0,"startTimeUnixNano":"0","attributes":[],"events":null,"traceId":"","status":{}}"#)
    #expect(try JSONDocuments.request(text) == Proto.request(Proto.bytes(15, [])))
  }

  @Test(
    "the names of the .proto file are taken too",
    arguments: [
      ("start_time_unix_nano", "startTimeUnixNano"), ("end_time_unix_nano", "endTimeUnixNano"),
      ("dropped_attributes_count", "droppedAttributesCount"), ("flags", "flags"),
    ])
  func snakeCase(names: (snake: String, camel: String)) throws {
    let snake = try JSONDocuments.read(JSONDocuments.spans(#"{"\#(names.snake)":5}"#))
    #expect(snake.request == (try JSONDocuments.request(JSONDocuments.spans(#"{"\#(names.camel)":5}"#))))
    #expect(snake.request != Proto.request([]))
  }

  @Test(
    "a name that is neither is ignored, counted, and its path kept",
    arguments: ["traceid", "trace_Id", "TraceId", ""])
  func almostNames(name: String) throws {
    let (request, notes) = try JSONDocuments.read(JSONDocuments.spans(#"{"\#(name)":"00"}"#))
    #expect(request == Proto.request([]))
    #expect(notes.ignoredFields == 1)
    let suffix = name.isEmpty ? #"[""]"# : ".\(name)"
    #expect(notes.ignoredPaths == ["$.resourceSpans[0].scopeSpans[0].spans[0]\(suffix)"])
  }

  @Test("ignored fields may hold anything that is JSON, and only the first eight paths are kept")
  func ignoredFields() throws {
    let ignored = (0..<20).map { #""x\#($0)":{"a":[1,{"b":null},[],{},"é\u00e9",-1.5e3,true,false]}"# }
    let text = JSONDocuments.spans("{\(ignored.joined(separator: ",")),\"name\":\"n\"}")
    let (request, notes) = try JSONDocuments.read(text)
    #expect(request == Proto.request(Proto.string(5, "n")))
    #expect(notes.ignoredFields == 20)
    #expect(notes.ignoredPaths.count == 8)
    #expect(notes.ignoredPaths.last == "$.resourceSpans[0].scopeSpans[0].spans[0].x7")
  }

  @Test("a name may be written with escapes")
  func escapedName() throws {
    let text = JSONDocuments.spans(#"{"n\u0061me":"n"}"#)
    #expect(try JSONDocuments.request(text) == Proto.request(Proto.string(5, "n")))
  }

  @Test("enumerations are taken as integers, as strings of them and by name, unknown integers included")
  func enumerations() throws {
    for (text, value) in [("2", 2), (#""2""#, 2), (#""SPAN_KIND_SERVER""#, 2), ("77", 77), ("5.0", 5)] {
      let request = try JSONDocuments.request(JSONDocuments.spans(#"{"kind":\#(text)}"#))
      #expect(request == Proto.request(Proto.integer(6, UInt64(value))), "\(text)")
    }
    let negative = try JSONDocuments.request(JSONDocuments.spans(#"{"kind":-1}"#))
    #expect(negative == Proto.request(Proto.signed(6, -1)))
    let error = try JSONDocuments.request(JSONDocuments.spans(#"{"status":{"code":"STATUS_CODE_ERROR"}}"#))
    #expect(error == Proto.request(Proto.bytes(15, Proto.integer(3, 2))))
  }

  @Test("a request without spans is empty, and so is an array of none", arguments: ["{}", "[]", " \n{ } \t", "[{}]"])
  func empty(text: String) throws {
    let (request, notes) = try JSONDocuments.read(text)
    #expect(request.isEmpty)
    #expect(notes.isEmpty)
  }

  @Test("an array of requests is joined in order")
  func arrayOfRequests() throws {
    let one = JSONDocuments.spans(#"{"name":"a"}"#)
    let two = JSONDocuments.spans(#"{"name":"b"}"#)
    let joined = try JSONDocuments.request("[\(one), \(two)]")
    #expect(joined == (try JSONDocuments.request(one)) + (try JSONDocuments.request(two)))
  }

  @Test("a byte order mark before the text is passed over")
  func byteOrderMark() throws {
    let text = JSONDocuments.spans(#"{"name":"a"}"#)
    #expect(try JSONDocuments.request("\u{FEFF}" + text) == (try JSONDocuments.request(text)))
  }
}
