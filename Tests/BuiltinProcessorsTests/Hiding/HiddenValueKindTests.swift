internal import ProcessorHost
internal import Testing

@Suite("Values of every kind under a hidden key")
struct HiddenValueKindTests {
  private static let mark = AttributeValue.string(HideAction.markText)

  /// A value of each kind, and what a cut to two characters leaves of it.
  static let kinds: [(value: AttributeValue, cut: AttributeValue)] = [
    (.string("abcdef"), .string("ab...")), (.bool(true), .bool(true)), (.int(-7), .int(-7)),
    (.double(1.5), .double(1.5)), (.empty, .empty), (.bytes([1, 2, 3]), .bytes([1, 2])),
    (.bytes([1, 2]), .bytes([1, 2])),
    (.array([.string("abc"), .string("ab"), .int(3)]), .array([.string("ab..."), .string("ab"), .int(3)])),
    (
      .map([.init("a", .string("é😀x")), .init("a", .array([.bytes([9, 9, 9])]))]),
      .map([.init("a", .string("é😀...")), .init("a", .array([.bytes([9, 9])]))])
    ),
    (.array([]), .array([])), (.map([]), .map([])),
  ]

  /// Every place in which attributes stand, and a map and an array in one of them.
  static let places: [(name: String, path: WritableKeyPath<PlainSpan, [AttributeValue.Entry]> & Sendable)] = [
    ("attributes", \.attributes), ("resource", \.resource), ("scope", \.scopeAttributes),
    ("event", \.events[0].attributes), ("link", \.links[0].attributes),
  ]

  private static func span(_ place: Int, _ entries: [AttributeValue.Entry]) -> PlainSpan {
    var span = PlainSpan()
    span.events = [SpanEvent(name: "e")]
    span.links = [SpanLink(traceID: span.traceID, spanID: span.spanID)]
    span[keyPath: places[place].path] = entries
    return span
  }

  @Test("Mark, remove and cut", arguments: kinds.indices, places.indices)
  func actions(kind: Int, place: Int) throws {
    let (value, cut) = Self.kinds[kind]
    let matcher = HideMatcher.words(["password"], except: [])
    // The key twice, and once more inside of a map inside of an array.
    let entries = { (value: AttributeValue?) -> [AttributeValue.Entry] in
      let hidden = value.map { [AttributeValue.Entry("password", $0), .init("db.Password", $0)] } ?? []
      return hidden + [.init("other", "abcdef"), .init("in", .array([.map([.init("x", true)] + hidden)]))] + hidden
    }
    let span = Self.span(place, entries(value))
    for (action, expected) in [(HideAction.mark, Self.mark), (.remove, nil), (.cut(2), cut)] {
      let hidden = try HidingRig([HideStep(matcher, action)]).hide(span)
      #expect(hidden == Self.span(place, entries(expected)), "\(action), \(Self.places[place].name)")
    }
  }

  @Test("Names that only look like secrets keep their bytes")
  func harmless() throws {
    let words = ["password", "pass", "token", "secret", "auth", "api_key", "session", "credential"]
    let keys = [
      "llm.tokens.prompt", "author", "author.name", "passage", "tokenizer", "tokens", "session.id", "Session.ID",
      "authority", "compass", "secretary", "api.keys", "apikeyring", "key.api", "bypass", "", "é",
    ]
    let except = ["session.id"]
    for action in [HideAction.mark, .remove, .cut(0)] {
      let rig = try HidingRig([HideStep(.words(words, except: except), action)])
      for place in Self.places.indices {
        let nested = AttributeValue.map(keys.map { AttributeValue.Entry($0, "some text") })
        let request = Self.span(place, keys.map { .init($0, "some text") } + [.init("m", nested)]).encodedRequest()
        #expect(rig.hide(request) == request)
      }
      for key in ["token", "session.id.2", "id.session", "X-Auth", "myAPIKey", "pass"] {
        #expect(try rig.hide(Self.span(0, [.init(key, "some text")])).attributes != [.init(key, "some text")], "\(key)")
      }
    }
  }
}
