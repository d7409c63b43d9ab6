internal import OTLPExporters
internal import Testing

@Suite("Retry-After")
struct RetryAfterTests {
  /// Tue, 01 Oct 2024 12:00:00 GMT.
  private let noon = 1_727_784_000

  @Test("seconds are waited for", arguments: [("0", 0), ("1", 1), (" 120 ", 120), ("0030", 30)])
  func seconds(value: String, seconds: Int) {
    #expect(RetryAfter.wait(value, date: nil, now: 0) == .seconds(seconds))
  }

  @Test(
    "a date is waited for, in each of HTTP's three forms",
    arguments: [
      "Tue, 01 Oct 2024 12:00:30 GMT", "Tuesday, 01-Oct-24 12:00:30 GMT", "Tue Oct  1 12:00:30 2024",
    ])
  func date(value: String) {
    #expect(RetryAfter.wait(value, date: nil, now: noon) == .seconds(30))
  }

  @Test("the answer's own date counts for more than our clock")
  func ownDate() {
    let wait = RetryAfter.wait("Thu, 29 Feb 2024 00:00:05 GMT", date: "Wed, 28 Feb 2024 23:59:55 GMT", now: noon)
    #expect(wait == .seconds(10))
  }

  @Test("a date that is over is no wait")
  func over() {
    #expect(RetryAfter.wait("Sun, 06 Nov 1994 08:49:37 GMT", date: nil, now: noon) == .zero)
  }

  @Test("more seconds than a number takes are a very long wait")
  func long() throws {
    let wait = try #require(RetryAfter.wait("99999999999999999999999", date: nil, now: 0))
    #expect(wait > .seconds(86_400 * 365))
  }

  @Test(
    "what is neither is no answer",
    arguments: [
      "", "soon", "-1", "1.5", "1 s", "Tue, 01 Oct 2024 12:00:30", "Tue, 01 Oct 2024 12:00:30 CET",
      "Tue, 32 Oct 2024 12:00:30 GMT", "Tue, 01 Okt 2024 12:00:30 GMT", "Tue, 01 Oct 2024 24:00:30 GMT",
      "Tue, 01 Oct 2024 12:0x:30 GMT", "Tue, 01 Oct 99999 12:00:30 GMT", "١٢",
    ])
  func neither(value: String) {
    #expect(RetryAfter.wait(value, date: nil, now: noon) == nil)
  }
}
