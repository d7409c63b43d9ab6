internal import ProcessorHost
internal import Testing

@Suite("Moments")
struct TimestampTests {
  @Test("Times are what RFC 3339 says, before 1970 too")
  func texts() {
    #expect(Timestamp(milliseconds: 0).description == "1970-01-01T00:00:00.000Z")
    #expect(Timestamp(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: 1_709_164_800_007).description == "2024-02-29T00:00:00.007Z")
  }
}
