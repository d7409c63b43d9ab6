internal import ProcessorHost
internal import Testing

/// What protobuf leaves open is decided at the door by protobuf's own rules, or the copy that loses would be a place
/// where a secret hides from every rule and ships all the same.
@Suite("What protobuf leaves open is made canonical at the door")
struct NonCanonicalTests {
  @Test(
    "field by field",
    arguments: NonCanonicalRequest.fieldsTwice + NonCanonicalRequest.oneofs + NonCanonicalRequest.groups)
  func spans(_ example: NonCanonicalRequest) { expect(example) }

  @Test("containers", arguments: NonCanonicalRequest.containers)
  func containers(_ example: NonCanonicalRequest) { expect(example) }

  @Test("random requests: what comes out is canonical, and means what protobuf says", arguments: 0..<12)
  func random(seed: UInt64) {
    var maker = RandomRequest(seed: 2000 + seed)
    var wild = OddRequest(seed: seed, isWild: true)
    var changed = 0
    for _ in 0..<60 {
      let request = wild.rewrite(maker.request())
      let first = AdmittedRequest(request)
      let second = AdmittedRequest(first.bytes)
      if !first.notes.isClean { changed += 1 }
      #expect(second.isClean, "what the door wrote, it takes as it is")
      #expect(second.bytes == first.bytes)
      #expect(second.spans == first.spans)
    }
    #expect(changed > 10)
  }

  private func expect(_ example: NonCanonicalRequest, sourceLocation: SourceLocation = #_sourceLocation) {
    let admitted = AdmittedRequest(example.request)
    #expect(admitted.refusals.isEmpty, sourceLocation: sourceLocation)
    #expect(admitted.bytes == example.expected, sourceLocation: sourceLocation)
    #expect(admitted.notes == example.notes, sourceLocation: sourceLocation)
    let again = AdmittedRequest(admitted.bytes)
    #expect(again.isClean && again.bytes == admitted.bytes, sourceLocation: sourceLocation)
  }
}
