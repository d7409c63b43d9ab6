internal import ProcessorHost
internal import ProcessorHostTracing
internal import Testing
internal import Tracing

@Suite("Trace context propagator")
struct TraceContextPropagatorTests {
  private let propagator = TraceContextPropagator()
  private let valid = "00-000000000000000000000000000000aa-00000000000000bb-01"

  @Test("trace state comes with a valid parent")
  func traceState() {
    let context = propagator.context(["traceparent": valid, "tracestate": "b=2,a=1"])
    #expect(context.spanContext?.traceState.description == "b=2,a=1")
    #expect(propagator.headers(context) == ["traceparent": valid, "tracestate": "b=2,a=1"])
  }

  @Test("without a valid traceparent trace state is not looked at")
  func invalidParent() {
    #expect(propagator.context(["tracestate": "a=1"]).isEmpty)
    #expect(propagator.context(["traceparent": "00-nothing", "tracestate": "a=1"]).isEmpty)
  }

  @Test("trace state that breaks the grammar is as if it were not there", arguments: ["a", "A=1", "a=1,=2", "a=é"])
  func invalidTraceState(_ header: String) {
    let context = propagator.context(["traceparent": valid, "tracestate": header])
    #expect(context.spanContext?.isValid == true)
    #expect(context.spanContext?.traceState.isEmpty == true)
  }

  @Test("an empty trace state is accepted and not sent", arguments: ["", " ", ",", " , ,\t"])
  func emptyTraceState(_ header: String) {
    let context = propagator.context(["traceparent": valid, "tracestate": header])
    #expect(propagator.headers(context) == ["traceparent": valid])
  }

  @Test("what cannot be read leaves the context as it was")
  func preserving() {
    var context = propagator.context(["traceparent": valid])
    let before = context.spanContext
    propagator.extract(["traceparent": "00-broken"], into: &context, using: Headers())
    propagator.extract([:], into: &context, using: Headers())
    #expect(context.spanContext == before)
  }

  @Test("a readable parent takes the place of the one before, trace state included")
  func replacing() {
    var context = propagator.context(["traceparent": valid, "tracestate": "a=1"])
    let other = "00-000000000000000000000000000000cc-00000000000000dd-02"
    propagator.extract(["traceparent": other], into: &context, using: Headers())
    #expect(propagator.headers(context) == ["traceparent": other])
  }

  @Test("the fields are those of the specification, in lower case")
  func fields() { #expect(propagator.fields == ["traceparent", "tracestate"]) }
}
