internal import ProcessorHost
internal import ProcessorHostTestSupport
internal import ProcessorHostTracing
internal import TestSupport
internal import Testing
internal import Tracing

@Suite("Encoding of spans")
struct EncodingTests {
  /// The lanes trust what the library encodes, and do not ask the door.
  @Test("whatever an app says, the door finds nothing to put right, and leaves the bytes as they are")
  func canonical() async throws {
    var random = SeededGenerator(seed: 20)
    try await withTestTracing(.withoutRules) { tracing in
      for _ in 0..<400 { Self.make(tracing.tracer, &random) }
      let requests = await tracing.exportedRequests()
      #expect(!requests.isEmpty)
      for request in requests {
        let admission = Door().admit(request)
        #expect(admission.refusals.isEmpty && admission.notes.isClean)
        #expect(admission.takeBatch().encoded() == request)
      }
    }
  }

  private static func make(_ tracer: HostTracer, _ random: inout SeededGenerator) {
    var context = InstrumentationContext.topLevel
    if Bool.random(using: &random) {
      context.spanContext = SpanContext(
        traceID: TraceID(high: random.next(), low: random.next()), spanID: SpanID(random.next()),
        isRemote: Bool.random(using: &random))
    }
    let kinds: [Tracing.SpanKind] = [.internal, .server, .client, .producer, .consumer]
    let kind = kinds.randomElement(using: &random) ?? .internal
    let span = tracer.startSpan(text(&random), context: context, ofKind: kind)
    span.attributes = attributes(&random)
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      span.addEvent(Tracing.SpanEvent(name: text(&random), attributes: attributes(&random)))
    }
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      var target = InstrumentationContext.topLevel
      target.spanContext = SpanContext(traceID: TraceID(high: 0, low: random.next()), spanID: SpanID(random.next()))
      span.addLink(Tracing.SpanLink(context: target, attributes: attributes(&random)))
    }
    if Bool.random(using: &random) {
      span.setStatus(SpanStatus(code: Bool.random(using: &random) ? .ok : .error, message: text(&random)))
    }
    span.end()
  }

  private static func attributes(_ random: inout SeededGenerator) -> SpanAttributes {
    var attributes: SpanAttributes = [:]
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let value: SpanAttribute =
        switch Int.random(in: 0...9, using: &random) {
        case 0: .int64(Int64(bitPattern: random.next()))
        case 1: .double(Double(bitPattern: random.next()))
        case 2: .bool(Bool.random(using: &random))
        case 3: .stringArray((0..<Int.random(in: 0...3, using: &random)).map { _ in text(&random) })
        case 4: .int32(Int32(truncatingIfNeeded: random.next()))
        case 5: .int64Array([0, -1, .max])
        case 6: .stringConvertible(text(&random)[...])
        default: .string(text(&random))
        }
      attributes.set(text(&random), value: value)
    }
    return attributes
  }

  /// Of lengths on both sides of where a length takes one more byte.
  private static func text(_ random: inout SeededGenerator) -> String {
    let scalars: [Unicode.Scalar] = ["a", "é", "語", "\u{1F600}", "\0", "\u{FFFD}"]
    let length = [0, 1, 15, 16, 120, 127, 128, 130, 16_383, 16_384].randomElement(using: &random) ?? 0
    var text = ""
    while text.utf8.count < length { text.unicodeScalars.append(scalars.randomElement(using: &random) ?? "a") }
    return text
  }
}
