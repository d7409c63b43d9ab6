internal import ProcessorHostTracing
internal import Testing

@Suite("Propagators and samplers by variables")
struct TracingVariablesTests {
  @Test("W3C's headers are read and written, and what has no parent is recorded")
  func defaults() throws {
    let read = try TracingConfiguration.quietly([:])
    #expect(Set(read.propagator.fields) == ["traceparent", "tracestate", "baggage"])
    #expect(read.sampler is ParentBasedSampler && read.idGenerator is RandomIDGenerator)
  }

  @Test("propagators work also where nothing is recorded")
  func disabled() throws {
    let environment = ["OTEL_SDK_DISABLED": "true", "OTEL_PROPAGATORS": "none", "OTEL_TRACES_SAMPLER": "x"]
    #expect(try TracingConfiguration.quietly(environment).propagator.fields.isEmpty)
  }

  @Test("propagators that there are none of are passed over", arguments: ["b3", "xray", "trace", "tracecontext,b3"])
  func unknownPropagators(names: String) throws {
    var own = TracingConfiguration()
    own.propagator = BaggagePropagator()
    let (read, warnings) = try TracingConfiguration.reading(["OTEL_PROPAGATORS": names], over: own)
    #expect(read.propagator.fields == ["baggage"] && warnings.count == 1)
    #expect(warnings[0].hasPrefix("OTEL_PROPAGATORS:") && warnings[0].contains("tracecontext"))
  }

  @Test("a sampler that there is none of, and an argument that is wrong, are warned of")
  func unknownSamplers() throws {
    for (name, argument, part) in [("xray", "1", "OTEL_TRACES_SAMPLER:"), ("traceidratio", "2", "_ARG:")] {
      let environment = ["OTEL_TRACES_SAMPLER": name, "OTEL_TRACES_SAMPLER_ARG": argument]
      let (_, warnings) = try TracingConfiguration.reading(environment)
      #expect(warnings.count == 1 && warnings[0].contains(part))
    }
  }

  @Test("an app's own sampler stays where no variable names one, and an argument alone is told of")
  func ownSampler() throws {
    var own = TracingConfiguration()
    own.sampler = AlwaysOffSampler()
    #expect(try TracingConfiguration.quietly(["OTEL_TRACES_SAMPLER": ""], over: own).sampler is AlwaysOffSampler)
    let (read, warnings) = try TracingConfiguration.reading(["OTEL_TRACES_SAMPLER_ARG": "0.5"], over: own)
    #expect(read.sampler is AlwaysOffSampler)
    #expect(warnings.count == 1 && warnings[0].hasPrefix("OTEL_TRACES_SAMPLER_ARG:"))
  }
}
