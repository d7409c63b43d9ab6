internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("Hiding in the ot member of a trace state")
struct SamplingMemberTests {
  private static let email = HideStep(.text(["email"]))
  private static let steps = [
    email, HideStep(.words(["token"], except: ["token.kind"])), HideStep(.values(["whole-value"]), .remove),
    HideStep(.patterns(["[0-9a-f]{14}", "cut;here"], examples: []), .keepLast(4)),
  ]

  private func hide(_ state: String, _ steps: [HideStep]) throws -> String {
    var link = SpanLink(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
    link.traceState = state
    var span = PlainSpan()
    span.traceState = state
    span.links = [link]
    let rig = try HidingRig(steps)
    let hidden = try rig.hide(span)
    #expect(hidden.links.map(\.traceState) == [hidden.traceState])
    #expect(try rig.hide(hidden) == hidden, "\(state)")
    return hidden.traceState
  }

  @Test(
    "A field in which something is found goes, and the others stay as they are",
    arguments: [
      ("ot=th:c;x:jo@example.org", "ot=th:c"), ("ot=x:jo@example.org;th:c;y:1", "ot=th:c;y:1"),
      ("ot=x:jo@example.org", ""), ("a=1,ot=jo@example.org,b=2", "a=1,b=2"),
      ("ot=token:t0;rv:0123456789abcd", "ot=rv:0123456789abcd"), ("ot= auth-token : t0;x:1", "ot=x:1"),
      ("ot=token.kind:a;x:whole-value;y:1", "ot=token.kind:a;y:1"), ("ot=th:c;whole-value", "ot=th:c"),
      ("ot=a:1;;x:jo@example.org", "ot=a:1;"), ("ot=th:c;x:1 cut;here 2;y:3", "ot=th:c;y:3"),
      ("ot=x:00000000000000;th:c", "ot=th:c"), ("ot =x:jo@example.org;y:1", "ot =y:1"),
      ("ot=a:1,ot=x:jo@example.org;b:2", "ot=a:1,ot=b:2"),
    ])
  func fields(state: String, expected: String) throws {
    #expect(try hide(state, Self.steps) == expected)
  }

  @Test(
    "Where nothing is found every byte stays",
    arguments: [
      "ot=th:c", "ot=th:c;rv:0123456789abcd;x:1", "ot=; th:c ;;x", "ot", "ot=", "ot=th:c;th:8", "ot=x:[REDACTED]",
      "ot=rv:0123456789abcd",
    ])
  func untouched(state: String) throws {
    #expect(try hide(state, Self.steps) == state)
  }

  @Test(
    "Numbers of sampling stay whatever is hidden; what is not well-formed is a text",
    arguments: [
      ("ot=th:c;rv:0123456789abcd;x:1", "ot=th:c;rv:0123456789abcd"), ("ot=th:C;x:1", ""), ("ot=th: c", ""),
      ("ot=th:0123456789abcde", ""), ("ot=th:;rv:0123", ""), ("ot=rv:0123456789abcdef;th:8", "ot=th:8"),
      ("ot=th:8 x", ""), ("ot=TH:8", ""), ("ot=th:8,a=1", "ot=th:8"),
    ])
  func numbers(state: String, expected: String) throws {
    #expect(try hide(state, [HideStep(.prefixes([""]))]) == expected)
    #expect(try hide(state, [HideStep(.patterns(["."], examples: []))]) == expected)
    if state.hasPrefix("ot=") && !state.contains(",") {
      #expect(try hide(state, [HideStep(.names(["ot"]), .remove)]) == expected)
    }
  }

  @Test("What comes to stand beside each other is looked at again")
  func neighbours() throws {
    let steps = [HideStep(.patterns(["b;c", "a;d"], examples: []))]
    #expect(try hide("ot=th:1;a;b;c;d;e", steps) == "ot=th:1;e")
    let letters = Array("abcdefghijkl").map(String.init)
    let chain = zip(letters, letters.reversed()).map { "\($0);\($1)" }
    let nested = "ot=th:1;" + letters.joined(separator: ";") + ";\(letters[11]);x"
    let left = try hide(nested, [HideStep(.patterns(chain, examples: []))])
    #expect(left.hasPrefix("ot=th:1"))
  }

  @Test("What rules ask for is hidden only where they asked")
  func conditional() throws {
    let state = "ot=th:c;x:jo@example.org;token:1"
    let steps = [
      HideStep(.text(["email"]), isConditional: true), HideStep(.names(["token"]), isConditional: true),
    ]
    #expect(try hide(state, steps) == state)
  }
}
