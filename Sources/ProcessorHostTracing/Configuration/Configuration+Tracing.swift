extension TracingBackend.Configuration {
  /// Takes over the propagators that the environment names. They work also where nothing is recorded.
  mutating func applyPropagators(_ reader: inout EnvironmentReader) {
    guard let names = reader.text("OTEL_PROPAGATORS") else { return }
    do {
      propagator = try CompositePropagator.named(names)
    } catch {
      reader.warn("\(error); the variable is not used")
    }
  }

  /// Takes over the sampler that the environment names; the argument alone says nothing.
  mutating func applySampler(_ reader: inout EnvironmentReader) {
    guard reader.text("OTEL_TRACES_SAMPLER") != nil else {
      if reader.text("OTEL_TRACES_SAMPLER_ARG") != nil {
        reader.warn("OTEL_TRACES_SAMPLER_ARG: expected OTEL_TRACES_SAMPLER beside it, found none; it is not used")
      }
      return
    }
    let selection = SamplerSelection(environment: reader.environment)
    reader.warn(selection.warnings)
    if let named = selection.sampler { sampler = named }
  }
}
