internal import ProcessorHost
internal import Testing

@Suite("Canonical requests pass the door as they are")
struct CanonicalRequestTests {
  @Test("as exporters write them", arguments: 0..<8)
  func ordinary(seed: UInt64) {
    var maker = RandomRequest(seed: seed)
    for _ in 0..<60 { expectUntouched(maker.request()) }
  }

  @Test("with unknown fields, in odd orders, with long lengths", arguments: 0..<8)
  func odd(seed: UInt64) {
    var maker = RandomRequest(seed: 1000 + seed)
    var oddity = OddRequest(seed: seed)
    for _ in 0..<60 { expectUntouched(oddity.rewrite(maker.request())) }
  }

  @Test(
    "with containers that hold little or nothing",
    arguments: [
      [], Proto.bytes(1, []), Proto.bytes(1, Proto.bytes(1, [])), Proto.bytes(1, Proto.bytes(2, [])),
      Proto.bytes(1, Proto.bytes(2, Proto.bytes(1, []))), Proto.bytes(1, Proto.string(3, "https://x")),
      Proto.bytes(1, Proto.bytes(2, Proto.string(3, "https://x"))),
      Proto.bytes(1, Proto.bytes(2, []) + Proto.bytes(2, [])),
      Proto.request(SpanBytes.ids), Proto.bytes(1, []) + Proto.request(SpanBytes.span("a")) + Proto.bytes(1, []),
    ] as [[UInt8]])
  func sparse(request: [UInt8]) { expectUntouched(request) }

  @Test("with fields of other wire types under known numbers, which are unknown fields")
  func otherWireTypes() {
    let span = SpanBytes.span(
      "a", Proto.integer(5, 1), Proto.integer(5, 2), Proto.fixed32(9, 7), Proto.bytes(7, [1]), Proto.integer(15, 3))
    let scope = Proto.integer(2, 8) + Proto.bytes(2, span) + Proto.fixed32(1, 5)
    expectUntouched(Proto.bytes(1, Proto.integer(1, 4) + Proto.bytes(2, scope)))
    #expect([PlainSpan](request: Proto.request(span)).map(\.name) == ["a"])
  }

  @Test("with numbers in more bytes than they need, inside spans")
  func longNumbers() {
    let kind = Proto.varint(6 << 3) + OddRequest.padded(3, by: 8)
    let longTag = OddRequest.padded(5 << 3 | 2, by: 2) + [1, 0x61]
    let text = Proto.varint(1 << 3 | 2) + OddRequest.padded(2, by: 1) + Array("ab".utf8)
    let value = Proto.varint(2 << 3 | 2) + OddRequest.padded(UInt64(text.count), by: 1) + text
    let request = Proto.request(SpanBytes.ids + longTag + kind + Proto.bytes(9, Proto.string(1, "k") + value))
    expectUntouched(request)
    let span = [PlainSpan](request: request).first
    #expect(span?.name == "a" && span?.kind == 3)
    #expect(span?.attributes == [AttributeValue.Entry("k", "ab")])
  }

  @Test("with bytes that are no text where OTLP has bytes")
  func rawBytes() {
    expectUntouched(
      Proto.request(SpanBytes.span("a", SpanBytes.attribute(9, "k", Proto.bytes(7, [0xFF, 0xFE, 0x80])))))
    expectUntouched(Proto.request(SpanBytes.ids + Proto.bytes(50, [0xFF])))
  }

  @Test("fields beside resource_spans have no place in a batch: they go, and are counted")
  func requestFields() {
    let request = Proto.request(SpanBytes.span("a"))
    let admitted = AdmittedRequest(Proto.string(2, "x") + request + Proto.integer(9, 1) + Proto.integer(1, 5))
    #expect(admitted.bytes == request)
    #expect(admitted.notes.unknownRequestFields == 3)
    #expect(admitted.refusals.isEmpty)
  }

  /// Through the door, and through a chain that has nothing to do.
  private func expectUntouched(_ request: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
    let admitted = AdmittedRequest(request)
    #expect(admitted.isClean, sourceLocation: sourceLocation)
    #expect(admitted.bytes == request, sourceLocation: sourceLocation)
    let rig = PipelineRig([], hiding: NoHiding())
    #expect(rig.process(request) == request, sourceLocation: sourceLocation)
    #expect(rig.ledger.received == admitted.spans.count && rig.ledger.emitted == admitted.spans.count)
  }
}
