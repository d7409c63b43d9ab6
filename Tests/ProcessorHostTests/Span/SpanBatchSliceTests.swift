internal import ProcessorHost
internal import Testing

@Suite("Slices of a batch")
struct SpanBatchSliceTests {
  @Test("hold the asked spans in their order, each in its own resource and scope", arguments: 0..<40 as Range<UInt64>)
  func parts(seed: UInt64) {
    var maker = RandomRequest(seed: 9100 + seed)
    let batch = Door().admit(maker.request()).takeBatch()
    let all = PlainSpan.all(in: batch)
    let total = batch.count
    let start = total == 0 ? 0 : Int.random(in: 0..<total, using: &maker.random)
    let end = Int.random(in: start...total, using: &maker.random)
    let part = batch.slice(start..<end)
    #expect(part.count == end - start)
    // A plain span says which resource and scope it stands in.
    #expect(PlainSpan.all(in: part) == Array(all[start..<end]))
    let again = Door().admit(part.encoded())
    #expect(again.refusals.isEmpty && again.notes.isClean, "a slice is a valid request")
    #expect(PlainSpan.all(in: again.takeBatch()) == Array(all[start..<end]))
  }

  @Test("of all spans are the request byte for byte, empty resources too", arguments: 0..<20 as Range<UInt64>)
  func whole(seed: UInt64) {
    var maker = RandomRequest(seed: 9200 + seed)
    let request = maker.request()
    let batch = Door().admit(request).takeBatch()
    #expect(batch.slice(0..<batch.count).encoded() == batch.encoded())
  }

  @Test("spans are counted without looking into them", arguments: 0..<40 as Range<UInt64>)
  func counting(seed: UInt64) {
    var maker = RandomRequest(seed: 9300 + seed)
    let request = maker.request()
    #expect(SpanCount.count(in: request) == Door().admit(request).takeBatch().count)
    for cut in stride(from: 0, to: request.count, by: 97) {
      #expect(SpanCount.count(in: Array(request[..<cut])) <= SpanCount.count(in: request))
    }
  }
}
