internal import ProcessorHost
internal import Testing

@Suite("Resources and scopes on their way through the chain")
struct ContainerTests {
  private let drops = TestStage("drops") { span in if span.name == "gone" { span.drop("gone") } }
  private let gone = SpanBytes.span("gone")
  private let stays = SpanBytes.span("stays")

  @Test("those that lose all their spans go, those that had none stay")
  func emptied() {
    let empty = Proto.bytes(2, Proto.bytes(1, []))
    let lost = SpanBytes.scopeSpans("lost", [gone, gone])
    let mixed = SpanBytes.scopeSpans("mixed", [gone, stays, gone])
    let left = SpanBytes.scopeSpans("mixed", [stays])
    let resource = { (content: [UInt8]...) in Proto.bytes(1, Proto.bytes(1, []) + content.flatMap { $0 }) }
    let cases: [(request: [UInt8], expected: [UInt8])] = [
      (resource(lost), []), (resource(lost, lost), []), (resource(lost, empty), resource(empty)),
      (resource(), resource()),
      (resource(empty), resource(empty)), (resource(lost, mixed, empty), resource(left, empty)),
      (resource(mixed) + resource(lost) + resource(), resource(left) + resource()),
    ]
    for (request, expected) in cases {
      #expect(PipelineRig([drops], hiding: NoHiding()).process(request) == expected)
    }
  }

  @Test("each distinct resource and scope is hidden once, however often it comes")
  func hiddenOnce() {
    let hiding = NoHiding()
    let rig = PipelineRig([], hiding: hiding)
    let name = { (text: String) in SpanBytes.attribute(1, "service.name", Proto.string(1, text)) }
    for _ in 0..<3 {
      let request = ["a", "b", "a"].flatMap { SpanBytes.resource(name($0), scope: "s", spans: [stays]) }
      #expect(rig.process(request) == request)
    }
    let expected = [
      Proto.bytes(1, Proto.string(1, "s")), Proto.bytes(1, name("a")), Proto.bytes(1, name("b")),
    ]
    #expect(hiding.hiddenHeaders == expected)
  }

  @Test("a resource and a scope of the same bytes are not taken for each other")
  func sameBytes() throws {
    // Field 1 of a scope is its name, field 1 of a resource an attribute: what hides in one must not stand for the other.
    let attribute = SpanBytes.attribute(1, "api_key", Proto.string(1, "hunter-two"))
    let request = Proto.bytes(
      1, Proto.bytes(1, attribute) + Proto.bytes(2, Proto.bytes(1, attribute) + Proto.bytes(2, stays)))
    let rig = try PipelineRig([], hide: [HideStep(.names(["api_key"]))])
    let first = rig.process(request)
    let resource = WirePiece.all(in: WirePiece.all(in: first)[0].content)[0].content
    #expect(resource == SpanBytes.attribute(1, "api_key", Proto.string(1, "[REDACTED]")))
    #expect(rig.process(request) == first)
  }

  @Test("are hidden wherever they stand, the same with and without the memory, also when it overflows")
  func memoryChangesNothing() throws {
    let hide = [HideStep(.names(["api_key"]))]
    let rig = try PipelineRig([], hide: hide)
    for round in 0..<2 {
      for index in 0..<1500 {
        let secret = SpanBytes.attribute(1, "api_key", Proto.string(1, "hunter-\(index)"))
        let name = SpanBytes.attribute(1, "service.name", Proto.string(1, "\(index % 700)"))
        let scopes = SpanBytes.scopeSpans("s", [stays])
        let resource = Proto.bytes(1, name + secret)
        let request = Proto.bytes(1, (index + round).isMultiple(of: 2) ? resource + scopes : scopes + resource)
        let output = rig.process(request)
        if output.contains("hunter")
          || [PlainSpan](request: output).first?.resource.first?.value != .string("\(index % 700)")
        {
          Issue.record("resource \(index) of round \(round)")
        }
      }
    }
  }
}
