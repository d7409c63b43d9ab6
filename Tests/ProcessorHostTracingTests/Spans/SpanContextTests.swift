internal import ProcessorHost
internal import ProcessorHostTracing
internal import Testing
internal import Tracing

@Suite("Span contexts")
struct SpanContextTests {
  @Test("a context with an id that is all zero is not valid")
  func validity() {
    let traceID = TraceID(high: 0, low: 1)
    #expect(SpanContext(traceID: traceID, spanID: SpanID(1)).isValid)
    #expect(!SpanContext(traceID: traceID, spanID: SpanID(0)).isValid)
    #expect(!SpanContext(traceID: TraceID(high: 0, low: 0), spanID: SpanID(1)).isValid)
  }

  @Test("a context gives back the span context that was put into it")
  func storage() {
    var context = InstrumentationContext.topLevel
    #expect(context.spanContext == nil)
    let parent = SpanContext(
      traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), traceFlags: [.sampled], isRemote: true)
    context.spanContext = parent
    #expect(context.spanContext == parent)
    context.spanContext = nil
    #expect(context.isEmpty)
  }
}
