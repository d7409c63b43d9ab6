internal import ProcessorHostTracing
internal import TestSupport
internal import Testing
internal import Tracing

@Suite("Baggage propagator")
struct BaggagePropagatorTests {
  private let propagator = BaggagePropagator()

  private func parse(_ header: String) -> [Baggage.Entry] { propagator.context(["baggage": header]).baggage.entries }

  private func text(_ baggage: Baggage) -> String? {
    var context = InstrumentationContext.topLevel
    context.baggage = baggage
    return propagator.headers(context)["baggage"]
  }

  private func text(_ name: String, _ value: String, metadata: String = "") -> String? {
    text(Baggage([.init(name: name, value: value, metadata: metadata)]))
  }

  @Test("members are read in order, without the white space around each part")
  func members() {
    #expect(
      parse("a=1,  b =\t2 , c= x=y= ,,d=")
        == [
          .init(name: "a", value: "1"), .init(name: "b", value: "2"), .init(name: "c", value: "x=y="),
          .init(name: "d", value: ""),
        ])
  }

  @Test("properties go on as one piece of metadata")
  func properties() {
    let header = "a=1;p1;p2 = v=2;p3=,b=2 ; q=%20"
    #expect(parse(header).map(\.metadata) == ["p1;p2 = v=2;p3=", "q=%20"])
    #expect(text(propagator.context(["baggage": header]).baggage) == "a=1;p1;p2 = v=2;p3=,b=2;q=%20")
  }

  @Test(
    "escapes are UTF-8, and what is no UTF-8 becomes U+FFFD",
    arguments: [
      ("Am%C3%A9lie", "Amélie"), ("a%20b", "a b"), ("%41%62", "Ab"), ("%c3%a9", "é"), ("%FF", "\u{FFFD}"),
      ("x%C3", "x\u{FFFD}"), ("%C3x", "\u{FFFD}x"), ("%25", "%"), ("%2541", "%41"), ("%", "%"), ("%4", "%4"),
      ("%zz", "%zz"),
      ("%%41", "%A"), ("a+b", "a+b"), ("%00", "\u{0}"),
    ])
  func decoding(_ encoded: String, _ decoded: String) { #expect(parse("a=\(encoded)").map(\.value) == [decoded]) }

  @Test("what no value may have is escaped, byte by byte, and the percent sign too")
  func encoding() {
    #expect(text("a", "50% of \"a,b;c\\\"") == "a=50%25%20of%20%22a%2Cb%3Bc%5C%22")
    #expect(text("a", "é\r\n\u{7f}") == "a=%C3%A9%0D%0A%7F")
    #expect(text("a", "!#$&'()*+-./09:<=>?@AZ[]^_`az{|}~") == "a=!#$&'()*+-./09:<=>?@AZ[]^_`az{|}~")
  }

  @Test(
    "a member that breaks the grammar is left out, and no other",
    arguments: [
      "b", "=b", "b c=1", "b@=1", "é=1", "b=1 2", "b=\"1\"", "b=\\", "b=é", "b=1;", "b=1;;p", "b=1;p q", "b=1;=p",
      "b=1;p=\"",
      "b;p=1", "b=\u{1}",
    ])
  func malformed(_ member: String) {
    #expect(parse("a=1,\(member),c=3").map(\.name) == ["a", "c"])
    #expect(parse(member).isEmpty)
  }

  @Test("what cannot be read, or has no members, leaves the context as it was")
  func preserving() {
    var context = propagator.context(["baggage": "a=1"])
    for header in ["nonsense", "", " , "] {
      propagator.extract(["baggage": header], into: &context, using: Headers())
    }
    propagator.extract([:], into: &context, using: Headers())
    #expect(context.baggage["a"] == "1")
  }

  @Test("of a name that comes twice the last value counts")
  func duplicates() {
    #expect(parse("a=1;p,b=2,a=3") == [.init(name: "a", value: "3"), .init(name: "b", value: "2")])
    #expect(parse("a=1,A=2").count == 2)
  }

  @Test("entries whose name is no token, or whose metadata W3C does not allow, do not travel")
  func unwritable() {
    for name in ["a b", "é", "a=b", "a,b", "a;b", "a\r\nb", "(a)"] {
      #expect(text(Baggage([.init(name: name, value: "1"), .init(name: "x", value: "2")])) == "x=2")
      #expect(text(name, "1") == nil)
    }
    for metadata in [",", "p,q", "p\r\nx: y", "p;;q", ";", " ", "p=é", "=1"] {
      #expect(text("a", "1", metadata: metadata) == nil)
    }
    #expect(text("!#$%&'*+-.^_`|~aZ0", "1") == "!#$%&'*+-.^_`|~aZ0=1")
  }

  @Test("no header goes out without baggage")
  func nothing() { #expect(propagator.headers(.topLevel).isEmpty) }

  @Test("what goes out comes in again, whatever the values")
  func roundTrip() {
    var generator = SeededGenerator(seed: 31)
    let alphabet = Array("aZ09 %,;=\\\"\u{0}\n\u{7f}éß語💼+~")
    for _ in 0..<500 {
      var baggage = Baggage()
      for index in 0..<Int.random(in: 1...10, using: &generator) {
        let length = Int.random(in: 0...20, using: &generator)
        let value = String((0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
        baggage.set(.init(name: "n\(index)", value: value, metadata: Bool.random(using: &generator) ? "p;q=1" : ""))
      }
      #expect(text(baggage).map(parse) == baggage.entries)
    }
  }
}
