internal import ProcessorHostTracing
internal import Testing
internal import Tracing

@Suite("Choice of propagators")
struct CompositePropagatorTests {
  private let parent = "00-000000000000000000000000000000aa-00000000000000bb-01"

  @Test("nothing set stands for trace context and baggage", arguments: [nil, "", " ", ",", " , "])
  func defaults(_ names: String?) throws {
    #expect(try CompositePropagator.named(names).fields == ["traceparent", "tracestate", "baggage"])
  }

  @Test("names may be in any case, with spaces, and empty ones between them")
  func spelling() throws {
    #expect(
      try CompositePropagator.named(" Baggage ,,\tTRACECONTEXT").fields == ["baggage", "traceparent", "tracestate"])
    #expect(try CompositePropagator.named("tracecontext").fields == ["traceparent", "tracestate"])
  }

  @Test("a name that stands there twice counts once")
  func duplicates() throws {
    #expect(try CompositePropagator.named("baggage,baggage,BAGGAGE").propagators.count == 1)
  }

  @Test("none reads and writes nothing", arguments: ["none", " NONE ", "none,none"])
  func none(_ names: String) throws {
    let propagator = try CompositePropagator.named(names)
    #expect(propagator.fields.isEmpty)
    #expect(propagator.context(["traceparent": parent, "baggage": "a=1"]).isEmpty)
  }

  @Test(
    "a known name without a propagator is refused with those that there are",
    arguments: ["b3", "b3multi", "jaeger", "xray", "ottrace"])
  func missing(_ name: String) throws {
    let error = try #require(throws: TracingConfigurationError.self) {
      try CompositePropagator.named("tracecontext,\(name)")
    }
    #expect(error.setting == "OTEL_PROPAGATORS")
    for part in ["'tracecontext'", "'baggage'", "'none'", "'\(name)', which is not supported"] {
      #expect(error.description.contains(part))
    }
  }

  @Test("an unknown name is refused as it was written")
  func unknown() throws {
    let error = try #require(throws: TracingConfigurationError.self) { try CompositePropagator.named("W3C") }
    #expect(error.description.contains("found 'W3C'"))
    #expect(!error.description.contains("not supported"))
  }

  @Test("none beside a propagator is refused")
  func contradiction() {
    #expect(throws: TracingConfigurationError.self) { try CompositePropagator.named("none,baggage") }
  }

  @Test("each propagator reads and writes its own")
  func composition() throws {
    let propagator = try CompositePropagator.named(nil)
    let headers = ["traceparent": parent, "tracestate": "x=1", "baggage": "user=7"]
    let context = propagator.context(headers)
    #expect(context.spanContext?.isSampled == true)
    #expect(context.baggage["user"] == "7")
    #expect(propagator.headers(context) == headers)
  }
}
