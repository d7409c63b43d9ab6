internal import ProcessorHostTracing
internal import Testing

@Suite("Choice of a sampler")
struct SamplerSelectionTests {
  private func select(_ name: String?, _ argument: String? = nil) -> SamplerSelection {
    var environment: [String: String] = [:]
    environment["OTEL_TRACES_SAMPLER"] = name
    environment["OTEL_TRACES_SAMPLER_ARG"] = argument
    return SamplerSelection(environment: environment)
  }

  @Test("nothing set says nothing", arguments: [nil, "", " "])
  func defaults(_ name: String?) {
    let selection = select(name)
    #expect(selection.sampler == nil)
    #expect(selection.warnings.isEmpty)
  }

  @Test(
    "each name stands for its sampler, alone and as the root of a parent-based one",
    arguments: [
      ("always_on", "AlwaysOnSampler"), ("always_off", "AlwaysOffSampler"), ("traceidratio", "TraceIdRatioBased{0.25}"),
      ("consistent_probability", "ProbabilitySampler{0.25}"), ("TraceIDRatio", "TraceIdRatioBased{0.25}"),
    ])
  func names(_ name: String, _ description: String) {
    #expect(select(name, "0.25").sampler?.description == description)
    #expect(select(name, "0.25").warnings.isEmpty)
    let parentBased = select("parentbased_\(name)", " 0.25 ")
    #expect(parentBased.sampler?.description.hasPrefix("ParentBased{root:\(description),") == true)
    #expect(parentBased.warnings.isEmpty)
  }

  @Test("without an argument the ratio is 1", arguments: [nil, "", "1", "1.0"])
  func defaultRatio(_ argument: String?) {
    let selection = select("traceidratio", argument)
    #expect(selection.sampler?.description == "TraceIdRatioBased{1.0}")
    #expect(selection.warnings.isEmpty)
  }

  @Test(
    "an argument that is no ratio is warned of and counts as not set",
    arguments: ["-0.1", "1.1", "nan", "inf", "half", "0,5", "50%"])
  func badRatio(_ argument: String) {
    for name in ["traceidratio", "parentbased_traceidratio", "consistent_probability"] {
      let selection = select(name, argument)
      #expect(selection.sampler?.description.contains("{1.0}") == true)
      #expect(selection.warnings.count == 1)
      #expect(selection.warnings.first?.hasPrefix("OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, ") == true)
      #expect(selection.warnings.first?.contains("found '\(argument)'") == true)
    }
  }

  @Test("an argument that the sampler does not take is ignored")
  func unusedArgument() {
    #expect(select("always_on", "nonsense").warnings.isEmpty)
    #expect(select(nil, "nonsense").warnings.isEmpty)
  }

  @Test("an unknown name is warned of, as it was written, and says nothing")
  func unknown() {
    let selection = select("Always", "0.5")
    #expect(selection.sampler == nil)
    #expect(selection.warnings.count == 1)
    #expect(selection.warnings.first?.hasPrefix("OTEL_TRACES_SAMPLER: expected one of 'always_on', ") == true)
    #expect(selection.warnings.first?.contains("found 'Always'; the variable is not used") == true)
  }

  @Test(
    "a known name without a sampler is warned of as not supported",
    arguments: ["jaeger_remote", "parentbased_jaeger_remote", "xray"])
  func missing(_ name: String) {
    let selection = select(name)
    #expect(selection.sampler == nil)
    #expect(selection.warnings.count == 1)
    #expect(selection.warnings.first?.contains("found '\(name)', which is not supported") == true)
  }
}
