internal import ProcessorHostTracing
internal import TestSupport
internal import Testing
internal import Tracing

@Suite("Baggage: limits and strange input")
struct BaggageLimitTests {
  private let propagator = BaggagePropagator()

  private func parse(_ header: String) -> Baggage { propagator.context(["baggage": header]).baggage }

  private func text(_ baggage: Baggage) -> String {
    var context = InstrumentationContext.topLevel
    context.baggage = baggage
    return propagator.headers(context)["baggage"] ?? ""
  }

  @Test("64 members go in and out, a 65th does not")
  func memberCount() {
    let members = (1...65).map { "k\($0)=\($0)" }
    let whole = members.dropLast().joined(separator: ",")
    #expect(text(parse(whole)) == whole)
    #expect(text(parse(members.joined(separator: ","))) == whole)
    #expect(text(Baggage((1...65).map { .init(name: "k\($0)", value: "\($0)") })) == whole)
  }

  @Test("where there are 64 members, a name that is among them still takes a new value")
  func replacedAtTheLimit() {
    let header = (1...64).map { "k\($0)=\($0)" }.joined(separator: ",") + ",new=1,k7=changed"
    let baggage = parse(header)
    #expect(baggage.entries.count == 64)
    #expect(baggage["k7"] == "changed")
  }

  @Test("8,192 bytes go in and out, what is longer loses whole members")
  func length() {
    let filled = "a=1,b=\(String(repeating: "v", count: 8_192 - 4 - 2 - 4)),c=3"
    #expect(filled.utf8.count == 8_192)
    #expect(text(parse(filled)) == filled)
    let longer = filled.replacing("c=3", with: "c=33")
    #expect(text(parse(longer)) == longer.replacing(",c=33", with: ""))
    #expect(text(parse(longer + ",d")) == text(parse(longer)))
  }

  @Test("what was set in the app is held to the same length")
  func lengthOfOwn() {
    func baggage(_ last: String) -> Baggage {
      let filling = String(repeating: "v", count: 8_192 - 4 - 2 - 4)
      return Baggage([.init(name: "a", value: "1"), .init(name: "b", value: filling), .init(name: "c", value: last)])
    }
    #expect(text(baggage("3")).utf8.count == 8_192)
    #expect(text(baggage("33")).hasSuffix("v"))
    let single = Baggage([.init(name: "a", value: String(repeating: "v", count: 8_190))])
    #expect(text(single).utf8.count == 8_192)
  }

  @Test("a member that is too long alone leaves the others their place")
  func longMember() {
    let long = String(repeating: "v", count: 9_000)
    #expect(text(parse("a=1,b=\(long),c=3")) == "a=1,c=3")
    #expect(text(Baggage(["a": "1", "b": long].sorted(by: <).map { .init(name: $0, value: $1) })) == "a=1")
  }

  @Test("escapes count as what they are in the header")
  func escapes() {
    let fits = Baggage([.init(name: "a", value: String(repeating: "é", count: 1_365))])
    #expect(text(fits).utf8.count == 8_192)
    #expect(text(Baggage([.init(name: "a", value: String(repeating: "é", count: 1_366))])).isEmpty)
  }

  @Test("a value that a later one replaces does not count")
  func replacedLength() {
    let later = String(repeating: "y", count: 5_000)
    #expect(text(parse("a=\(String(repeating: "x", count: 5_000)),a=\(later),b=2")) == "a=\(later),b=2")
  }

  @Test("white space that does not go on does not count")
  func whiteSpace() {
    let space = String(repeating: " ", count: 10_000)
    #expect(text(parse("a\(space)=\(space)1\(space),b=2")) == "a=1,b=2")
  }

  @Test("whatever comes in, what goes out is within the limits and reads as itself")
  func anyText() {
    var generator = SeededGenerator(seed: 32)
    let alphabet = Array("ab1%=;, \té\"")
    var readable = 0
    for _ in 0..<10_000 {
      let count = Int.random(in: 0...30, using: &generator)
      let baggage = parse(
        String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }))
      if baggage.isEmpty { continue }
      readable += 1
      #expect(parse(text(baggage)) == baggage)
    }
    #expect(readable > 200)
  }

  @Test("100 KB of whatever is read within the limits")
  func hostile() {
    let size = 100_000
    let headers = [
      String(repeating: ",", count: size), String(repeating: " ", count: size), String(repeating: "a", count: size),
      "a=" + String(repeating: "v", count: size), "a=" + String(repeating: "%", count: size),
      "a=1;" + String(repeating: "p;", count: size / 2) + "p", "a=1;" + String(repeating: " ", count: size),
      String(repeating: "a=1,", count: size / 4), (0..<size / 8).map { "k\($0)=1" }.joined(separator: ","),
      String(repeating: "a=%FF,", count: size / 6), String(repeating: "=", count: size),
    ]
    for header in headers {
      let baggage = parse(header)
      #expect(baggage.entries.count <= 64)
      #expect(text(baggage).utf8.count <= 8_192)
      #expect(parse(text(baggage)) == baggage)
    }
  }
}
