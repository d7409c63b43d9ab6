internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("The strongest of several steps wins, in any order")
struct HidingPrecedenceTests {
  private static let text = "planted-7f"
  static let actions: [HideAction] = [
    .remove, .mark, .keepLast(2), .keepLast(3), .keepLast(6), .cut(3), .cut(5), .cut(100),
  ]

  /// What two steps leave of the text together; nil where it goes with its key.
  private static func expected(_ first: HideAction, _ second: HideAction) -> String? {
    var length = text.count
    var kept: Int?
    // Of ten characters six are more than half, and what one step hides no other shows.
    var hidesAll = false
    for action in [first, second] {
      switch action {
      case .remove: return nil
      case .mark: length = -1
      case .keepLast(let most):
        kept = min(kept ?? most, most)
        if most == 6 { hidesAll = true }
      case .cut(let most): length = min(length, most)
      case .pseudonym: return nil
      }
    }
    if length < 0 { return HideAction.markText }
    if let kept {
      if hidesAll { return HideAction.markText }
      let tail = length < text.count ? "" : text.suffix(kept)
      return length < text.count ? (HideAction.markText + tail).prefix(length) + "..." : HideAction.markText + tail
    }
    return length < text.count ? text.prefix(length) + "..." : text
  }

  /// Steps that hit the key `note`, and steps that hit its value.
  private static let matchers: [HideMatcher] = [
    .names(["note"]), .prefixes(["no"]), .words(["note"], except: []), .values([text]),
  ]

  @Test("Two steps on one attribute, wherever it stands", arguments: actions, actions)
  func pairs(first: HideAction, second: HideAction) throws {
    let entries = { (text: String?) -> [AttributeValue.Entry] in
      text.map { [AttributeValue.Entry("note", .string($0))] } ?? []
    }
    let span = { (text: String?) in
      var span = PlainSpan()
      span.attributes = entries(text) + [.init("m", .map(entries(text) + [.init("a", .array([.map(entries(text))]))]))]
      span.events = [SpanEvent(name: "e", attributes: entries(text))]
      span.links = [SpanLink(traceID: span.traceID, spanID: span.spanID, attributes: entries(text))]
      span.resource = entries(text)
      span.scopeAttributes = entries(text)
      return span
    }
    let expected = span(Self.expected(first, second))
    for one in Self.matchers {
      for other in Self.matchers {
        let steps = [HideStep(one, first), HideStep(other, second)]
        #expect(try HidingRig(steps).hide(span(Self.text)) == expected, "\(steps)")
        #expect(try HidingRig(steps.reversed()).hide(span(Self.text)) == expected, "\(steps)")
      }
    }
  }

  @Test("Of a text that is too short for one step, another that keeps fewer characters shows none", arguments: 1...12)
  func shortTexts(length: Int) throws {
    let text = String("abcdefghijkl".prefix(length))
    let few = HideStep(.names(["k"]), .keepLast(3))
    let many = HideStep(.words(["k"], except: []), .keepLast(4))
    for steps in [[few, many], [many, few], [few, many, few]] {
      let expected = HideAction.markText + (length < 8 ? "" : text.suffix(3))
      let hidden = try Redactor(HidePolicy(steps)).redact(AttributeValue.Entry("k", .string(text)))
      #expect(hidden == AttributeValue.Entry("k", .string(expected)))
    }
  }

  @Test("A map's own cut and the cuts of its members: the shorter one wins")
  func nestedCuts() throws {
    let inner = AttributeValue.map([.init("inner", .array(["abcdef", .bytes([1, 2, 3, 4])]))])
    for (outerLength, innerLength) in [(2, 3), (3, 2)] {
      var span = PlainSpan()
      span.attributes = [.init("outer", inner), .init("free", inner)]
      let steps = [HideStep(.names(["outer"]), .cut(outerLength)), HideStep(.names(["inner"]), .cut(innerLength))]
      let freeText = String("abcdef".prefix(innerLength)) + "..."
      let freeBytes = AttributeValue.bytes(Array([1, 2, 3].prefix(innerLength)))
      let expected: [AttributeValue.Entry] = [
        .init("outer", .map([.init("inner", .array([.string("ab..."), .bytes([1, 2])]))])),
        .init("free", .map([.init("inner", .array([.string(freeText), freeBytes]))])),
      ]
      for order in [steps, steps.reversed()] { #expect(try HidingRig(order).hide(span).attributes == expected) }
    }
  }

  @Test("A mark or a removal inside of what is cut stays what it is")
  func markWithinCut() throws {
    var span = PlainSpan()
    span.attributes = [.init("outer", .map([.init("password", "abcdef"), .init("gone", 1), .init("k", "abcdef")]))]
    let steps = [
      HideStep(.names(["outer"]), .cut(2)), HideStep(.names(["password"])), HideStep(.names(["gone"]), .remove),
    ]
    for order in [steps, steps.reversed()] {
      #expect(
        try HidingRig(order).hide(span).attributes
          == [.init("outer", .map([.init("password", .string(HideAction.markText)), .init("k", "ab...")]))])
    }
  }

  @Test("Texts that are no attribute's value: a removal marks them, a cut cuts them", arguments: actions)
  func names(action: HideAction) throws {
    var span = PlainSpan()
    span.name = Self.text
    span.statusMessage = Self.text
    span.events = [SpanEvent(name: Self.text)]
    span.scopeName = Self.text
    span.scopeVersion = Self.text
    span.attributes = [.init("a", .array([.string(Self.text), .string(Self.text + "!")]))]
    let hidden = try HidingRig([HideStep(.values([Self.text]), action)]).hide(span)
    let expected = Self.expected(action, action) ?? HideAction.markText
    #expect(hidden.name == expected)
    #expect(hidden.statusMessage == expected)
    #expect(hidden.events == [SpanEvent(name: expected)])
    #expect([hidden.scopeName, hidden.scopeVersion] == [expected, expected])
    #expect(hidden.attributes == [.init("a", .array([.string(expected), .string(Self.text + "!")]))])
  }
}
