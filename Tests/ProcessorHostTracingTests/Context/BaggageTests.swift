internal import ProcessorHostTracing
internal import Testing
internal import Tracing

@Suite("Baggage")
struct BaggageTests {
  @Test("values are got by name, case-sensitively, just as they were set")
  func values() {
    var baggage = Baggage()
    baggage["a"] = "B% 💼"
    baggage["A"] = ""
    #expect(baggage["a"] == "B% 💼")
    #expect(baggage["A"] == "")
    #expect(baggage["b"] == nil)
  }

  @Test("a name is there once: the new value takes the old one's place, without its metadata")
  func replacing() {
    var baggage = Baggage([.init(name: "a", value: "1", metadata: "p"), .init(name: "b", value: "2")])
    baggage["a"] = "3"
    #expect(baggage.entries == [.init(name: "a", value: "3"), .init(name: "b", value: "2")])
    #expect(Baggage([.init(name: "x", value: "1"), .init(name: "x", value: "2")]).entries.map(\.value) == ["2"])
  }

  @Test("removing takes the entry away, also by setting nil")
  func removing() {
    var baggage = Baggage([.init(name: "a", value: "1"), .init(name: "b", value: "2")])
    baggage.remove("a")
    baggage.remove("never")
    #expect(baggage.entries.map(\.name) == ["b"])
    baggage["b"] = nil
    #expect(baggage.isEmpty)
  }

  @Test("an entry without a name is ignored")
  func emptyName() {
    var baggage = Baggage()
    baggage[""] = "1"
    #expect(baggage.isEmpty)
  }

  @Test("the context holds it, and an empty one clears the context")
  func context() {
    var context = InstrumentationContext.topLevel
    #expect(context.baggage.isEmpty)
    context.baggage["user"] = "7"
    #expect(context.baggage["user"] == "7")
    var other = context
    other.baggage["user"] = nil
    #expect(other.isEmpty)
    #expect(context.baggage["user"] == "7")
  }
}
