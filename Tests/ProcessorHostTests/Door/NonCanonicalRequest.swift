internal import ProcessorHost
internal import Testing

/// A request that is well-formed but not canonical, and what the door makes of it.
struct NonCanonicalRequest: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var request: [UInt8]
  var expected: [UInt8]
  var notes: DoorNotes

  init(
    _ description: String, _ request: [UInt8], gives expected: [UInt8],
    _ count: WritableKeyPath<DoorNotes, Int> & Sendable, _ times: Int = 1
  ) {
    testDescription = description
    self.request = request
    self.expected = expected
    notes = DoorNotes()
    notes[keyPath: count] = times
  }
}

extension NonCanonicalRequest {
  // MARK: Spans

  /// A request with a span of these fields between two neighbours that must not change.
  private static func request(_ fields: [UInt8]) -> [UInt8] {
    Proto.request(spans: [SpanBytes.span("before"), SpanBytes.ids + fields, SpanBytes.span("behind")])
  }

  private static func keyValue(_ content: [UInt8]) -> [UInt8] { request(Proto.bytes(9, content)) }

  private static func value(_ content: [UInt8]) -> [UInt8] { keyValue(Proto.string(1, "k") + Proto.bytes(2, content)) }

  private static let a = Proto.string(1, "a")
  private static let b = Proto.string(1, "b")

  static let fieldsTwice = [
    NonCanonicalRequest(
      "a text twice: the last stays, at its own place",
      request(Proto.string(5, "a") + Proto.integer(6, 2) + Proto.string(5, "b")),
      gives: request(Proto.integer(6, 2) + Proto.string(5, "b")), \.repeatedFields),
    NonCanonicalRequest(
      "a text, then an empty one", request(Proto.string(5, "a") + Proto.string(5, "")),
      gives: request(Proto.string(5, "")),
      \.repeatedFields),
    NonCanonicalRequest(
      "three times", request(Proto.integer(6, 1) + Proto.integer(6, 2) + Proto.integer(6, 3)),
      gives: request(Proto.integer(6, 3)), \.repeatedFields, 2),
    NonCanonicalRequest(
      "times", request(Proto.fixed64(7, 1) + Proto.fixed64(8, 5) + Proto.fixed64(7, 2)),
      gives: request(Proto.fixed64(8, 5) + Proto.fixed64(7, 2)), \.repeatedFields),
    NonCanonicalRequest(
      "flags", request(Proto.fixed32(16, 1) + Proto.fixed32(16, 0)), gives: request(Proto.fixed32(16, 0)),
      \.repeatedFields),
    NonCanonicalRequest(
      "a parent, then none", request(Proto.bytes(4, SpanBytes.spanID) + Proto.bytes(4, [])),
      gives: request(Proto.bytes(4, [])), \.repeatedFields),
    NonCanonicalRequest(
      "a status: its fields merge",
      request(Proto.bytes(15, Proto.string(2, "m")) + Proto.bytes(15, Proto.integer(3, 2))),
      gives: request(Proto.bytes(15, Proto.string(2, "m") + Proto.integer(3, 2))), \.repeatedFields),
    NonCanonicalRequest(
      "a key", keyValue(a + b + Proto.bytes(2, a)), gives: keyValue(b + Proto.bytes(2, a)), \.repeatedFields),
    NonCanonicalRequest(
      "a value, then an empty one: they merge", keyValue(a + Proto.bytes(2, b) + Proto.bytes(2, [])),
      gives: keyValue(a + Proto.bytes(2, b)), \.repeatedFields),
    NonCanonicalRequest(
      "an event's name", request(Proto.bytes(11, Proto.string(2, "a") + Proto.string(2, "b"))),
      gives: request(Proto.bytes(11, Proto.string(2, "b"))), \.repeatedFields),
    NonCanonicalRequest(
      "a link's trace state", request(SpanBytes.link(Proto.string(3, "a=1"), Proto.string(3, "b=2"))),
      gives: request(SpanBytes.link(Proto.string(3, "b=2"))), \.repeatedFields),
  ]

  static let oneofs = [
    NonCanonicalRequest(
      "text, then a number", value(a + Proto.integer(3, 5)), gives: value(Proto.integer(3, 5)), \.oneofConflicts),
    NonCanonicalRequest("a text twice", value(a + b), gives: value(b), \.oneofConflicts),
    NonCanonicalRequest(
      "text, then false", value(a + Proto.integer(2, 0)), gives: value(Proto.integer(2, 0)), \.oneofConflicts),
    NonCanonicalRequest(
      "two arrays in a row merge", value(Proto.bytes(5, Proto.bytes(1, a)) + Proto.bytes(5, Proto.bytes(1, b))),
      gives: value(Proto.bytes(5, Proto.bytes(1, a) + Proto.bytes(1, b))), \.oneofConflicts),
    NonCanonicalRequest(
      "two arrays with a text between: the last stays",
      value(Proto.bytes(5, Proto.bytes(1, a)) + a + Proto.bytes(5, [])),
      gives: value(Proto.bytes(5, [])), \.oneofConflicts, 2),
    NonCanonicalRequest(
      "inside an array in a map",
      value(Proto.bytes(6, SpanBytes.attribute(1, "m", Proto.bytes(5, Proto.bytes(1, a + Proto.bytes(7, [1])))))),
      gives: value(Proto.bytes(6, SpanBytes.attribute(1, "m", Proto.bytes(5, Proto.bytes(1, Proto.bytes(7, [1])))))),
      \.oneofConflicts),
    NonCanonicalRequest(
      "unknown fields beside the member stay", value(a + Proto.string(20, "u") + Proto.integer(3, 1)),
      gives: value(Proto.integer(3, 1) + Proto.string(20, "u")), \.oneofConflicts),
  ]

  static let groups = [
    NonCanonicalRequest("in a span", request(SpanBytes.group(20, a)), gives: request([]), \.groups),
    NonCanonicalRequest(
      "under a known number", request(SpanBytes.group(5, a) + Proto.string(5, "n")),
      gives: request(Proto.string(5, "n")), \.groups),
    NonCanonicalRequest(
      "in groups", request(SpanBytes.group(20, SpanBytes.group(20, SpanBytes.group(9)))), gives: request([]), \.groups),
    NonCanonicalRequest("in a value", value(SpanBytes.group(1, b) + a), gives: value(a), \.groups),
    NonCanonicalRequest("beside resource_spans", SpanBytes.group(1, a) + request([]), gives: request([]), \.groups),
  ]

  // MARK: Containers

  private static let scope = Proto.bytes(1, Proto.string(1, "s"))
  private static let spans = (0..<2).map { Proto.bytes(2, SpanBytes.span("\($0)")) }
  private static let url = Proto.string(3, "https://x")

  private static func scopes(_ content: [UInt8]...) -> [UInt8] {
    Proto.bytes(1, content.flatMap { Proto.bytes(2, $0) })
  }

  static let containers = [
    NonCanonicalRequest(
      "own fields between the children", scopes(spans[0] + scope + spans[1] + url),
      gives: scopes(scope + url + spans[0] + spans[1]),
      \.reorderedContainers),
    NonCanonicalRequest(
      "a resource between scopes",
      Proto.bytes(1, Proto.bytes(2, spans[0]) + Proto.bytes(1, []) + Proto.bytes(2, spans[1])),
      gives: Proto.bytes(1, Proto.bytes(1, []) + Proto.bytes(2, spans[0]) + Proto.bytes(2, spans[1])),
      \.reorderedContainers),
    NonCanonicalRequest(
      "a scope before and behind the spans", scopes(scope + spans[0] + Proto.bytes(1, Proto.string(2, "1"))),
      gives: scopes(Proto.bytes(1, Proto.string(1, "s") + Proto.string(2, "1")) + spans[0]), \.repeatedFields),
    NonCanonicalRequest(
      "a schema url twice", scopes(url + spans[0] + Proto.string(3, "b")),
      gives: scopes(Proto.string(3, "b") + spans[0]),
      \.repeatedFields),
    NonCanonicalRequest(
      "a group behind the spans", scopes(scope + spans[0] + SpanBytes.group(7, scope)), gives: scopes(scope + spans[0]),
      \.groups),
    NonCanonicalRequest(
      "an unknown field between spans", scopes(spans[0] + Proto.integer(30, 1) + spans[1]),
      gives: scopes(Proto.integer(30, 1) + spans[0] + spans[1]), \.reorderedContainers),
    NonCanonicalRequest(
      "a resource's value with two members",
      Proto.bytes(1, Proto.bytes(1, Proto.bytes(1, a + Proto.bytes(2, a + b))) + Proto.bytes(2, spans[0])),
      gives: Proto.bytes(1, Proto.bytes(1, Proto.bytes(1, a + Proto.bytes(2, b))) + Proto.bytes(2, spans[0])),
      \.oneofConflicts),
  ]
}
