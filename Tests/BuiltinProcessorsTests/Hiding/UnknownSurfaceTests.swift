internal import ProcessorHost
internal import Testing

/// Bytes of which the host does not know what they mean: fields of later versions, and known numbers in a wire type
/// that is not theirs, which protobuf takes for unknown fields too.
@Suite("Hiding reaches what the host cannot read")
struct UnknownSurfaceTests {
  private static let secret = "planted-7f"
  private static let entry = Field.entry("password", secret)
  private static let ids =
    Field.bytes(1, [UInt8](repeating: 3, count: 16)) + Field.bytes(2, [UInt8](repeating: 4, count: 8))

  private static func event(_ content: [UInt8]) -> [UInt8] { Field.request(Field.bytes(11, content)) }
  private static func link(_ content: [UInt8]) -> [UInt8] { Field.request(Field.bytes(13, ids + content)) }

  /// An attribute whose value has these fields.
  private static func attribute(_ value: [UInt8]) -> [UInt8] { Field.text(1, "k") + Field.bytes(2, value) }

  /// A request whose `ResourceSpans` and `ScopeSpans` have these fields behind their children.
  private static func behind(resource: [UInt8] = [], scope: [UInt8] = []) -> [UInt8] {
    let span = Field.bytes(2, Field.bytes(1, [UInt8](repeating: 1, count: 16)) + Field.bytes(2, Array("87654321".utf8)))
    return Field.bytes(1, Field.bytes(2, span + scope) + resource)
  }

  static let surfaces: [(place: String, request: [UInt8])] =
    [2, 3, 4, 8].flatMap { number in
      let value = Field.bytes(number, entry)
      return [
        ("field \(number) of a value", Field.request(Field.bytes(9, attribute(value)))),
        ("field \(number) of an event's value", event(Field.bytes(3, attribute(value)))),
        (
          "field \(number) of a value in a map",
          Field.request(Field.bytes(9, attribute(Field.bytes(6, Field.bytes(1, attribute(value))))))
        ),
      ]
    } + [6, 7, 8, 10, 12, 14, 16].map { ("field \($0) of the span", Field.request(Field.bytes($0, entry))) }
    + [1, 4].map { ("field \($0) of an event", event(Field.bytes($0, entry))) }
    + [5, 6].map { ("field \($0) of a link", link(Field.bytes($0, entry))) }
    + [
      ("field 3 of the status", Field.request(Field.bytes(15, Field.bytes(3, entry)))),
      ("field 2 of the resource", Field.request([], resource: Field.bytes(2, entry))),
      ("field 4 of the scope", Field.request([], scope: Field.bytes(4, entry))),
      (
        "an unknown field of an array",
        Field.request(Field.bytes(9, attribute(Field.bytes(5, Field.bytes(700, entry)))))
      ),
      ("an unknown field of a map", Field.request(Field.bytes(9, attribute(Field.bytes(6, Field.bytes(700, entry)))))),
      ("an unknown field of an entity", Field.request([], resource: Field.bytes(3, Field.bytes(700, entry)))),
      ("an unknown field of the status", Field.request(Field.bytes(15, Field.bytes(700, entry)))),
      ("an unknown field of a link", link(Field.bytes(700, entry))),
      ("an unknown field of the scope", Field.request([], scope: Field.bytes(700, entry))),
      ("an unknown field of ResourceSpans", behind(resource: Field.bytes(1000, entry))),
      ("an unknown field of ScopeSpans", behind(scope: Field.bytes(1000, entry))),
      ("an unknown field of the request", Field.request([]) + Field.bytes(1000, entry)),
      ("a resource behind its spans", behind(resource: Field.bytes(1, Field.bytes(1, entry)))),
      ("a scope behind its spans", behind(scope: Field.bytes(1, Field.bytes(3, entry)))),
    ]

  @Test("A hidden key with its value goes", arguments: surfaces.indices, [HideAction.mark, .remove])
  func keys(index: Int, action: HideAction) throws {
    let (place, request) = Self.surfaces[index]
    for matcher in [HideMatcher.words(["password"], except: []), .names(["PASSWORD"]), .prefixes(["passw"])] {
      let output = try HidingRig([HideStep(matcher, action)]).hide(request)
      #expect(!output.holds(Self.secret), "\(place), \(matcher.name)")
      #expect(Door().admit(output).refusals.isEmpty)
    }
  }

  @Test("A hidden value goes", arguments: surfaces.indices)
  func values(index: Int) throws {
    let (place, request) = Self.surfaces[index]
    #expect(!(try HidingRig([HideStep(.values([Self.secret]))]).hide(request).holds(Self.secret)), "\(place)")
  }

  @Test("What no step hits keeps its bytes", arguments: surfaces.indices)
  func untouched(index: Int) throws {
    let (place, request) = Self.surfaces[index]
    let rig = try HidingRig([HideStep(.names(["nothing"])), HideStep(.words(["other"], except: []), .remove)])
    #expect(rig.hide(request) == Door().admit(request).batch.encoded(), "\(place)")
  }

  @Test(
    "Whatever hides a key hides it in an unknown field",
    arguments: [
      (HideMatcher.words(["übergröße"], except: []), "Übergröße"),
      (.words(["été"], except: []), "Été"),
      (.words(["x_été_y"], except: []), "xÉtéY"),
      (.names(["user.*"]), "user.email"),
      (.names(["*"]), "user.email"),
      (.prefixes([""]), "user.email"),
      (.prefixes(["User."]), "uSER.email"),
    ])
  func asKeys(matcher: HideMatcher, key: String) throws {
    let rig = try HidingRig([HideStep(matcher, .remove)])
    let entry = Field.entry(key, Self.secret)
    #expect(!rig.hide(Field.request(Field.bytes(9, entry))).holds(Self.secret), "as an attribute")
    #expect(!rig.hide(Field.request(Field.bytes(700, entry))).holds(Self.secret), "as an unknown field")
  }
}
