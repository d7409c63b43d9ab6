internal import ProcessorHost
internal import Testing

@Suite("Spans decoded whole")
struct PlainSpanTests {
  @Test("what was written is read again, field for field")
  func everyField() {
    var span = PlainSpan()
    span.parentSpanID = SpanID(7)
    span.traceState = "a=1"
    span.flags = 0x301
    span.name = "name"
    span.kind = 2
    span.startTimeUnixNano = 1
    span.endTimeUnixNano = .max
    span.attributes = [.init("k", .array(["v", .empty])), .init("k", .map([.init("", .bytes([0]))]))]
    span.events = [SpanEvent(timeUnixNano: 3, name: "e", attributes: [.init("k", 1)], droppedAttributesCount: 9)]
    span.links = [
      SpanLink(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), traceState: "b=2", attributes: [.init("k", true)])
    ]
    span.statusCode = 2
    span.statusMessage = "broke"
    span.resource = [.init("service.name", "shop")]
    span.scopeName = "lib"
    span.scopeVersion = "1"
    span.scopeAttributes = [.init("k", 0.5)]
    #expect(AdmittedRequest(span.encodedRequest()).isClean)
    #expect([PlainSpan](request: span.encodedRequest()) == [span])
    #expect([PlainSpan](request: PlainSpan().encodedRequest()) == [PlainSpan()])
  }

  @Test("random spans keep all that they say", arguments: 0..<6)
  func random(seed: UInt64) {
    var maker = RandomRequest(seed: 6000 + seed)
    for _ in 0..<30 {
      for span in [PlainSpan](request: maker.request()) {
        let written = span.encodedRequest()
        let again = [PlainSpan](request: written)
        // By bytes: a NaN is no other NaN's equal.
        #expect(again.map { $0.encodedRequest() } == [written])
        #expect(again.map(\.lines) == [span.lines])
      }
    }
  }

  @Test("each span gets its own resource and scope, wherever these stand")
  func containers() {
    let name = { (text: String) in SpanBytes.attribute(1, "service.name", Proto.string(1, text)) }
    let behind = Proto.bytes(1, SpanBytes.scopeSpans("y", [SpanBytes.span("3")]) + Proto.bytes(1, name("b")))
    let request =
      SpanBytes.resource(name("a"), scope: "x", spans: [SpanBytes.span("1"), SpanBytes.span("2")]) + behind
      + Proto.request(SpanBytes.span("4"))
    let spans = [PlainSpan](request: request)
    #expect(spans.map(\.name) == ["1", "2", "3", "4"])
    #expect(spans.map { $0.resource.first?.value } == ["a", "a", "b", nil])
    #expect(spans.map(\.scopeName) == ["x", "x", "y", ""])
  }

  @Test("lines are in a fixed order, and a terminal obeys nothing in them")
  func lines() {
    var span = PlainSpan()
    span.name = "a\u{1B}[31m\"\n\u{202E}"
    span.attributes = [.init("z", 1), .init("b", "x"), .init("b", "a")]
    let lines = span.lines
    #expect(lines.first == PlainSpan.Line("name", #""a\u{1b}[31m\"\n\u{202e}""#))
    #expect(lines.suffix(3).map(\.value) == [#""a""#, #""x""#, "1"])
  }
}
