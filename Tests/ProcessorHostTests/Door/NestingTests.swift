internal import ProcessorHost
internal import Testing

/// Messages are counted from the span, resource or scope, which is the first level: an attribute's value is the third,
/// and each array, or map with its member, goes two or three further.
@Suite("How deep values may nest")
struct NestingTests {
  /// Values that are arrays in arrays: each with what the innermost holds.
  private static let leaves: [[UInt8]] = [
    Proto.string(1, "x"), Proto.integer(3, 1), Proto.signed(3, -1), Proto.double(4, 1), Proto.bytes(7, [1]), [],
  ]

  @Test("64 levels of messages come in, 65 do not, whatever stands innermost")
  func arrays() {
    for leaf in Self.leaves {
      // span 1, attribute 2, value 3, and two more for each array.
      #expect(isTaken(SpanBytes.attribute(9, "k", SpanBytes.nestedArray(30, leaf))))
      #expect(!isTaken(SpanBytes.attribute(9, "k", SpanBytes.nestedArray(31, leaf))))
    }
    let innermost = SpanBytes.nestedArray(30, Proto.bytes(5, []))
    #expect(isTaken(SpanBytes.attribute(9, "k", innermost)), "an empty array is one level")
  }

  @Test("a map's member counts, also one of the plainest form")
  func maps() {
    for leaf in Self.leaves {
      let member = { (key: String) in Proto.bytes(6, SpanBytes.attribute(1, key, leaf)) }
      // A map under 29 arrays: value 61, list 62, member 63, its value 64.
      #expect(isTaken(SpanBytes.attribute(9, "k", SpanBytes.nestedArray(29, member("m")))))
      #expect(!isTaken(SpanBytes.attribute(9, "k", SpanBytes.nestedArray(30, member("m")))))
    }
  }

  @Test("the refusal says what to do, and costs that span alone")
  func refusal() {
    let deep = SpanBytes.span("deep", SpanBytes.attribute(9, "k", SpanBytes.nestedArray(3000)))
    let admitted = AdmittedRequest(Proto.request(spans: [SpanBytes.span("a"), deep, SpanBytes.span("b")]))
    #expect(admitted.spans == [SpanBytes.span("a"), SpanBytes.span("b")])
    #expect(admitted.refusals.first?.reason.contains("deeper than 64 levels; flatten") == true)
  }

  @Test("groups in groups, however many, are passed over")
  func groups() {
    let start = [UInt8](repeating: 0xA3, count: 1) + [0x01]
    let end: [UInt8] = [0xA4, 0x01]
    let groups = [[UInt8]](repeating: start, count: 100_000) + [[UInt8]](repeating: end, count: 100_000)
    let admitted = AdmittedRequest(Proto.request(SpanBytes.span("a", groups.flatMap { $0 })))
    #expect(admitted.bytes == Proto.request(SpanBytes.span("a")))
    #expect(admitted.notes.groups == 1)
  }

  @Test(
    "a status in a hundred thousand pieces takes as long as its size asks, not the square of it",
    .timeLimit(.minutes(1)))
  func manyPieces() {
    let piece = Proto.bytes(15, Proto.bytes(20, [UInt8](repeating: 0x61, count: 200)))
    let pieces = [[UInt8]](repeating: piece, count: 100_000).flatMap { $0 }
    let admitted = AdmittedRequest(Proto.request(SpanBytes.span("a", pieces)))
    #expect(admitted.notes.repeatedFields == 99_999)
    #expect(admitted.bytes.count > 20_000_000)
  }

  private func isTaken(_ attribute: [UInt8]) -> Bool {
    let request = Proto.request(SpanBytes.span("a", attribute))
    let admitted = AdmittedRequest(request)
    return admitted.isClean && admitted.bytes == request
  }
}
