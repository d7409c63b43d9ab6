internal import ProcessorHost
internal import Testing

@Suite("Stripped spans")
struct StrippedSpanTests {
  private let strips = TestStage("strips", .strip) { span in if span.name != "fine" { throw TestFailure() } }

  /// Fields that a stripped span keeps.
  private static let frame =
    SpanBytes.ids + Proto.bytes(4, SpanBytes.spanID) + Proto.integer(6, 3) + Proto.fixed64(7, 5) + Proto.fixed64(8, 9)
    + Proto.fixed32(16, 0x301)

  /// Everything else, with a secret in each place where text can stand.
  private static let secrets: [UInt8] = {
    let secret = Proto.string(1, "hunter-two")
    let attribute = { (number: UInt64) in SpanBytes.attribute(number, "hunter-two", secret) }
    return Proto.string(5, "hunter-two") + attribute(9) + Proto.integer(10, 1)
      + SpanBytes.event("hunter-two", attribute(3)) + SpanBytes.link(Proto.string(3, "v=hunter-two"), attribute(4))
      + Proto.bytes(15, Proto.string(2, "hunter-two") + Proto.integer(3, 2) + Proto.string(30, "hunter-two"))
      + Proto.string(30, "hunter-two") + Proto.bytes(6, Array("hunter-two".utf8)) + Proto.integer(1, 0)
  }()

  private static let stripped = frame + Proto.string(5, "[stripped]") + Proto.bytes(15, Proto.integer(3, 2))

  @Test("keep ids, times, kind, status code and flags, and nothing else")
  func frame() {
    let output = PipelineRig([strips], hiding: NoHiding()).process(Proto.request(Self.frame + Self.secrets))
    #expect(!output.contains("hunter"))
    #expect(AdmittedRequest(output).spans == [Self.stripped])
    #expect(AdmittedRequest(output).isClean)
  }

  @Test(
    "keep of the trace state what OpenTelemetry's sampling needs, as numbers",
    arguments: [
      ("ot=th:8", "ot=th:8"), ("v=hunter,ot=rv:0123456789abcd;th:c", "ot=rv:0123456789abcd;th:c"),
      ("ot=th:8;x:hunter, v=1", "ot=th:8"), ("v=1 , \tot=th:8\t ,w=2", "ot=th:8"), ("ot=th:hunter", ""),
      ("ot=th:8 x", ""),
      ("xot=th:8", ""), ("ot=th:0123456789abcdef", ""), ("v=ot=th:8", ""), ("", ""),
    ])
  func traceState(state: String, expected: String) {
    let request = Proto.request(SpanBytes.span("a", Proto.string(3, state)))
    let span = PipelineRig([strips], hiding: NoHiding()).spans(request).first
    #expect(span?.traceState == expected)
  }

  @Test("carry the threshold that sampling gave them")
  func sampled() throws {
    let samples = TestStage("samples") { $0.sample(0.5, "half") }
    let ids = Proto.bytes(1, [UInt8](repeating: 0xFF, count: 16)) + Proto.bytes(2, SpanBytes.spanID)
    let spans = PipelineRig([samples, strips], hiding: NoHiding()).spans(
      Proto.request(ids + Proto.string(3, "v=hunter")))
    #expect(spans.map(\.traceState) == ["ot=th:8"])
  }

  @Test(
    "leave in a ResourceSpans of their own, whose resource says who sent them and no more", arguments: [true, false])
  func resource(isBehind: Bool) throws {
    let text = { (key: String, value: String) in SpanBytes.attribute(1, key, Proto.string(1, value)) }
    let kept =
      text("service.name", "shop") + text("service.version", "1") + text("service.instance.id", "api_key hunter")
      + text("telemetry.sdk.name", "sdk") + text("telemetry.sdk.api_key", "hunter")
    let attributes =
      kept + text("host.name", "hunter") + text("service.names", "hunter") + text("telemetry.sdkx", "hunter")
      + SpanBytes.attribute(1, "telemetry.sdk.map", Proto.bytes(6, text("k", "hunter")))
    let resource =
      Proto.bytes(1, attributes + Proto.integer(2, 5) + Proto.string(30, "hunter")) + Proto.string(3, "https://x")
    let spans = [SpanBytes.span("fine"), Self.frame + Self.secrets, SpanBytes.span("fine")]
    let scopes = SpanBytes.scopeSpans("a", spans) + SpanBytes.scopeSpans("hunter", [Self.frame + Self.secrets])
    let hide = [HideStep(.names(["telemetry.sdk.api_key"]))]
    let output = try PipelineRig([strips], hide: hide).process(
      Proto.bytes(1, isBehind ? scopes + resource : resource + scopes))

    let own = WirePiece.all(in: output)
    #expect(own.count == 2)
    let reduced = Proto.bytes(1, kept.replacing("hunter", behind: "telemetry.sdk.api_key", with: "[REDACTED]"))
    let frames = Proto.bytes(2, Proto.bytes(2, Self.stripped) + Proto.bytes(2, Self.stripped))
    #expect(own.last?.content == reduced + frames)
    let others = [PlainSpan](request: own[0].bytes)
    #expect(others.map(\.name) == ["fine", "fine"], "a scope that lost all its spans is gone")
    #expect(WirePiece.all(in: own[0].content).count == 3)
  }

  @Test("of a resource that leaves nothing else, take its place")
  func alone() {
    let output = PipelineRig([strips], hiding: NoHiding()).process(Proto.request(Self.frame + Self.secrets))
    #expect(output == Proto.request(Self.stripped))
  }
}

extension [UInt8] {
  /// These `KeyValue` fields, with another text as the value of a key.
  fileprivate func replacing(_ old: String, behind key: String, with text: String) -> [UInt8] {
    let before = SpanBytes.attribute(1, key, Proto.string(1, old))
    let after = SpanBytes.attribute(1, key, Proto.string(1, text))
    return WirePiece.all(in: self).flatMap { $0.bytes == before ? after : $0.bytes }
  }
}
