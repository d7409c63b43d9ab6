internal import BuiltinProcessors
internal import ProcessorHost
internal import Synchronization
internal import Testing

@Suite("Hiding tells an observer where it hid, and what")
struct HideFindingTests {
  private static let steps = [
    HideStep(.words(["password"], except: [])), HideStep(.text(["assignment"])), HideStep(.text(["email"])),
  ]

  /// What is told of the spans, and of resources and scopes, of some requests.
  private static func findings(
    _ requests: [[UInt8]], _ steps: [HideStep] = steps
  ) throws -> (spans: [HideFinding], headers: [HideFinding]) {
    let host = try SpanProcessorHost(
      SpanProcessorHost.Configuration(hide: HidePolicy(steps)), natives: .builtin)
    let log = FindingLog()
    host.observe { log.makeObserver() }
    for request in requests { _ = host.processAndWait(Door().admit(request).takeBatch()) }
    return log.findings
  }

  private static func text(_ text: String) -> HideFinding.Secret { .text(Array(text.utf8)) }

  @Test("Of a whole value it is the value's own text")
  func wholeValues() throws {
    var span = PlainSpan()
    span.attributes = [
      .init("password", "hunter2"), .init("password", 4711), .init("password", true), .init("password", 0.5),
      .init("password", .array(["only"])), .init("password", .array(["a", "b"])),
      .init("m", .map([.init("password", .map([.init("x", "abc")]))])),
    ]
    let told = try Self.findings([span.encodedRequest()]).spans
    #expect(
      told.map(\.secret) == [
        Self.text("hunter2"), Self.text("4711"), Self.text("true"), Self.text("0.5"), Self.text("only"), .opaque(12),
        .opaque(14),
      ])
    #expect(told.last?.path == "attributes.m.password")
  }

  @Test("Of a text it is each part as it came, with its own step")
  func parts() throws {
    var span = PlainSpan()
    span.name = "ada@example.org: password=hunter2, password=x"
    let told = try Self.findings([span.encodedRequest()]).spans
    #expect(told.map(\.secret) == [Self.text("ada@example.org"), Self.text("hunter2"), Self.text("x")])
    #expect(told.map(\.step) == [2, 1, 1])
    #expect(told.allSatisfy { $0.path == "name" })
  }

  @Test("A key that holds a secret is never told, and what stands under it is at its shown key")
  func keys() throws {
    let action: [HideAction] = [.mark, .remove, .keepLast(2), .cut(3)]
    for action in action {
      var span = PlainSpan()
      let key = "password of ada@example.org"
      span.attributes = [.init(key, "hunter2"), .init("m", .map([.init(key, "hunter2")]))]
      span.events = [SpanEvent(name: "e", attributes: [.init(key, "hunter2")])]
      let steps = [HideStep(.words(["password"], except: []), action), HideStep(.text(["email"]))]
      let told = try Self.findings([span.encodedRequest()], steps).spans
      #expect(!told.isEmpty)
      #expect(told.allSatisfy { !$0.path.contains("ada") }, "\(action.name)")
      #expect(told.contains { $0.place.keys == ["m", "password of [REDACTED]"] }, "\(action.name)")
    }
  }

  @Test("What goes of an ot member is told by field")
  func samplingMember() throws {
    var span = PlainSpan()
    span.traceState = "ot=th:c;password:hunter2;x:jo@example.org;ann@example.org"
    let steps = [HideStep(.names(["password"])), HideStep(.text(["email"]))]
    let told = try Self.findings([span.encodedRequest()], steps).spans
    #expect(told.map(\.path) == ["trace_state.ot.password", "trace_state.ot.x", "trace_state.ot"])
    #expect(told.map(\.step) == [0, 1, 1])
    #expect(told.map(\.secret) == [Self.text("hunter2"), Self.text("jo@example.org"), Self.text("ann@example.org")])
  }

  @Test("The trace state of a link is told once, by member")
  func linkTraceState() throws {
    var span = PlainSpan()
    var link = SpanLink(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3))
    link.traceState = "a=1,password=hunter2"
    span.links = [link]
    let told = try Self.findings([span.encodedRequest()]).spans
    #expect(told.map(\.path) == ["links[1].trace_state.password"])
    #expect(told.map(\.secret) == [Self.text("hunter2")])
    let rig = try HidingRig(Self.steps)
    _ = try rig.hide(span)
    #expect(rig.hits == [1, 0, 0])
  }

  @Test("A resource and a scope are told once for each distinct one, with their own places")
  func headers() throws {
    var span = PlainSpan()
    span.resource = [.init("password", "hunter2")]
    span.scopeName = "ada@example.org"
    var other = span
    other.resource = [.init("password", "hunter3")]
    let told = try Self.findings([span, span, other].map { $0.encodedRequest() })
    #expect(told.spans.isEmpty)
    #expect(told.headers.map(\.path) == ["scope.name", "resource.attributes.password", "resource.attributes.password"])
  }

  @Test("A value in a map that was marked before does not count again")
  func marked() throws {
    var span = PlainSpan()
    span.attributes = [.init("m", .map([.init("password", "[REDACTED]"), .init("to", "ada@example.org")]))]
    let told = try Self.findings([span.encodedRequest()]).spans
    #expect(told.map(\.path) == ["attributes.m.to"])
  }

  @Test(
    "A place has one path and one surface",
    arguments: [
      (HidePlace(keys: ["a.b", "c"]), "attributes.a.b.c", HideSurface.attribute),
      (HidePlace(part: .key, keys: ["a"]), "attributes.a.key", .attributeKey),
      (HidePlace(owner: .event(2), keys: ["a"]), "events[2].attributes.a", .eventAttribute),
      (HidePlace(owner: .event(1), part: .name), "events[1].name", .eventName),
      (HidePlace(owner: .link(1), part: .traceState, keys: ["v"]), "links[1].trace_state.v", .linkTraceState),
      (HidePlace(owner: .status, part: .message), "status.message", .statusMessage),
      (HidePlace(owner: .resource, part: .schemaURL), "resource.schema_url", .resourceSchema),
      (HidePlace(owner: .scope, part: .version), "scope.version", .scopeVersion),
      (HidePlace(part: .unknownField), "unknown_field", .unknownField),
      (
        HidePlace(owner: .resource, part: .unknownField, keys: ["a"]), "resource.attributes.a.unknown_field",
        .resourceUnknownField
      ),
    ])
  func places(place: HidePlace, path: String, surface: HideSurface) {
    #expect(place.path == path)
    #expect(place.surface == surface)
  }
}

/// Keeps what an observer is told, on its way from the lane to the test.
private final class FindingLog: Sendable {
  private let kept = Mutex<(spans: [HideFinding], headers: [HideFinding])>(([], []))

  var findings: (spans: [HideFinding], headers: [HideFinding]) { kept.withLock { $0 } }

  func makeObserver() -> any PipelineObserver { Observer(self) }

  private final class Observer: PipelineObserver {
    private let log: FindingLog

    init(_ log: FindingLog) { self.log = log }

    func ran(_ stage: String, _ span: SpanWorkspace, since point: SpanWorkspace.Checkpoint) {}

    func failed(_ stage: String, _ failure: StageFailure, policy: FailurePolicy) {}

    func finished(_ span: SpanWorkspace, hidden: [HideFinding], outcome: SamplingOutcome, isStripped: Bool) {
      log.kept.withLock { $0.spans += hidden }
    }

    func finishedHeader(_ message: WireMessage, hidden: [HideFinding], lastSpan: SpanWorkspace?) {
      log.kept.withLock { $0.headers += hidden }
    }
  }
}
