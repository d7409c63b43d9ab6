internal import ProcessorHost
internal import Testing

@Suite("Hiding reaches every surface")
struct HidingSurfaceTests {
  private static let secret = "planted-7f"
  private static let entry = Field.entry("password", secret)

  private static func nested(_ depth: Int) -> [UInt8] {
    depth == 0 ? entry : Field.text(1, "m") + Field.bytes(2, Field.bytes(6, Field.bytes(1, nested(depth - 1))))
  }

  private static let ids =
    Field.bytes(1, [UInt8](repeating: 3, count: 16)) + Field.bytes(2, [UInt8](repeating: 4, count: 8))

  /// A request for each place in which the secret stands under the key `password`.
  static let surfaces: [(place: String, request: [UInt8])] = [
    ("an attribute", Field.request(Field.bytes(9, entry))),
    (
      "a second attribute of the same key",
      Field.request(Field.bytes(9, Field.entry("password", "x")) + Field.bytes(9, entry))
    ),
    ("a map ten deep", Field.request(Field.bytes(9, nested(10)))),
    (
      "a map in an array",
      Field.request(
        Field.bytes(
          9,
          Field.text(1, "a") + Field.bytes(2, Field.bytes(5, Field.bytes(1, Field.bytes(6, Field.bytes(1, entry)))))))
    ),
    (
      "an array of strings",
      Field.request(
        Field.bytes(
          9,
          Field.text(1, "password") + Field.bytes(2, Field.bytes(5, Field.bytes(1, Field.text(1, secret))))))
    ),
    (
      "a map under the key",
      Field.request(
        Field.bytes(
          9,
          Field.text(1, "password") + Field.bytes(2, Field.bytes(6, Field.bytes(1, Field.entry("x", secret))))))
    ),
    (
      "bytes",
      Field.request(Field.bytes(9, Field.text(1, "password") + Field.bytes(2, Field.bytes(7, Array(secret.utf8)))))
    ),
    (
      "a value before its key",
      Field.request(Field.bytes(9, Field.bytes(2, Field.text(1, secret)) + Field.text(1, "password")))
    ),
    ("an event", Field.request(Field.bytes(11, Field.text(2, "e") + Field.bytes(3, entry)))),
    ("a link", Field.request(Field.bytes(13, ids + Field.bytes(4, entry)))),
    ("the resource", Field.request([], resource: Field.bytes(1, entry))),
    ("the scope", Field.request([], scope: Field.bytes(3, entry))),
    ("the trace state", Field.request(Field.text(3, "a=b, password=\(secret)"))),
    ("the ot member of the trace state", Field.request(Field.text(3, "a=b,ot=th:c;password:\(secret)"))),
    ("the ot member of a link", Field.request(Field.bytes(13, ids + Field.text(3, "ot=password:\(secret);x:1")))),
    ("the trace state of a link", Field.request(Field.bytes(13, ids + Field.text(3, "password=\(secret),a=b")))),
    ("an unknown field of the span", Field.request(Field.bytes(700, entry))),
    ("an unknown field of the resource", Field.request([], resource: Field.bytes(700, entry))),
    ("an unknown field of an event", Field.request(Field.bytes(11, Field.bytes(700, entry)))),
    ("an unknown field before a key", Field.request(Field.bytes(9, Field.bytes(700, entry) + Field.entry("k", "v")))),
    (
      "an unknown field between key and value",
      Field.request(
        Field.bytes(
          9,
          Field.text(1, "k") + Field.bytes(700, entry) + Field.bytes(2, Field.text(1, "v"))))
    ),
    ("an unknown field behind a value", Field.request(Field.bytes(9, Field.entry("k", "v") + Field.bytes(700, entry)))),
    (
      "an unknown field in a value",
      Field.request(
        Field.bytes(
          9,
          Field.text(1, "k") + Field.bytes(2, Field.text(1, "v") + Field.bytes(700, entry))))
    ),
    (
      "an unknown field beside a mark",
      Field.request(
        Field.bytes(
          9,
          Field.text(1, "password") + Field.bytes(700, Array(secret.utf8)) + Field.bytes(2, Field.text(1, "[REDACTED]"))
        ))
    ),
  ]

  @Test("A key that is hidden", arguments: surfaces.indices, [HideAction.mark, .remove])
  func keys(index: Int, action: HideAction) throws {
    let (place, request) = Self.surfaces[index]
    for matcher in [HideMatcher.words(["password"], except: []), .names(["PASSWORD"]), .prefixes(["passw"])] {
      #expect(Door().admit(request).batch.encoded().holds(Self.secret))
      #expect(
        !(try HidingRig([HideStep(matcher, action)]).hide(request).holds(Self.secret)), "\(place), \(matcher.name)")
    }
  }

  @Test(
    "Words are found in unknown fields however they are written",
    arguments: ["api_key", "apiKey", "API-KEY", "api.key"])
  func unknownWords(key: String) throws {
    let request = Field.request(Field.bytes(700, Field.entry(key, Self.secret)))
    #expect(!(try HidingRig([HideStep(.words(["api_key"], except: []))]).hide(request).holds(Self.secret)))
  }

  @Test("A value that is hidden, wherever it is a whole text")
  func values() throws {
    let step = HideStep(.values([Self.secret]))
    let texts = [
      Field.request(Field.text(5, Self.secret)), Field.request(Field.bytes(15, Field.text(2, Self.secret))),
      Field.request(Field.bytes(11, Field.text(2, Self.secret))), Field.request([], scope: Field.text(1, Self.secret)),
    ]
    for request in texts
      + Self.surfaces.filter({ !["bytes", "the trace state", "the trace state of a link"].contains($0.place) }).map(
        \.request)
    {
      #expect(!(try HidingRig([step]).hide(request).holds(Self.secret)))
    }
  }

  @Test("The numbers of sampling stay in the trace state")
  func openTelemetryMember() throws {
    let rig = try HidingRig([HideStep(.names(["ot", "vendor"]), .remove), HideStep(.prefixes(["o"]), .remove)])
    let output = rig.hide(Field.request(Field.text(3, "vendor=x,ot=th:8,other=y")))
    #expect(output.holds("ot=th:8") && !output.holds("vendor") && !output.holds("other"))
  }

  @Test("What no step hits keeps its bytes", arguments: surfaces.indices)
  func untouched(index: Int) throws {
    let request = Self.surfaces[index].request
    let rig = try HidingRig([HideStep(.names(["nothing"])), HideStep(.words(["other"], except: []), .cut(1))])
    #expect(rig.hide(request) == Door().admit(request).batch.encoded())
  }

  @Test(
    "A cut counts Unicode scalars and adds dots only where it cut",
    arguments: [
      ("abcdef", 3, "abc..."), ("abc", 3, "abc"), ("", 0, ""), ("a", 0, "..."), ("é😀e\u{301}x", 3, "é😀e..."),
      ("[REDACTED]", 2, "[REDACTED]"),
    ])
  func cuts(text: String, length: Int, expected: String) throws {
    let rig = try HidingRig([HideStep(.names(["k"]), .cut(length))])
    var span = PlainSpan()
    span.attributes = [.init("k", .string(text)), .init("m", .map([.init("k", .array([.string(text)]))]))]
    #expect(
      try rig.hide(span).attributes
        == [.init("k", .string(expected)), .init("m", .map([.init("k", .array([.string(expected)]))]))])
  }

  @Test("Limits leave the first ones, of the span as it came, and raise the dropped counts")
  func limits() throws {
    let steps = [
      HideStep(.beyond(AttributeLimits(attributes: 2, events: 1, links: 0)), .remove), HideStep(.names(["a"]), .remove),
      HideStep(.beyond(AttributeLimits(attributes: 3)), .remove),
    ]
    let ids = Self.ids
    var span: [UInt8] = ["a", "b", "c", "d"].flatMap { Field.bytes(9, Field.entry($0, $0)) } + [0x50, 0x05]
    span += (0..<3).flatMap { Field.bytes(11, Field.text(2, "e\($0)")) } + Field.bytes(13, ids)
    let output = try HidingRig(steps).hide(Field.request(span))
    let expected = Field.bytes(9, Field.entry("b", "b")) + [0x50, 0x07] + Field.bytes(11, Field.text(2, "e0"))
    #expect(output == Door().admit(Field.request(expected + [0x60, 0x02, 0x70, 0x01])).batch.encoded())
    // A count that is full stays full.
    let full = Field.request(
      ["a", "b", "c"].flatMap { Field.bytes(9, Field.entry($0, $0)) } + [0x50, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
    #expect(try HidingRig([steps[0]]).hide(full).firstRange(of: [0x50, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]) != nil)
  }

  @Test("A policy has as many steps as verdicts can name")
  func tooManySteps() throws {
    #expect(throws: (any Error).self) { try HidingRig(Array(repeating: HideStep(.names(["a"])), count: 65537)) }
  }
}
