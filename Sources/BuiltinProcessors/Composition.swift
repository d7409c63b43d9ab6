public import ProcessorHost

extension RuleNatives {
  /// The natives of this module.
  package static var builtin: RuleNatives { builtin(samplingMode: .equalizing) }

  /// The natives of this module, with ratios that are a share of this.
  package static func builtin(samplingMode: ConsistentProbabilitySampler.Mode) -> RuleNatives {
    RuleNatives(
      hiding: BuiltinHiding(), sampling: BuiltinSampling(mode: samplingMode), rateLimits: { RateLimits() })
  }
}

extension SpanProcessorHost {
  /// Loads the rules and starts the lanes.
  /// - Parameter samplingMode: what the ratios that rules and processors ask for are a share of.
  /// - Throws: `RuleErrors`, with everything that is wrong with the rules.
  public convenience init(
    _ configuration: Configuration, samplingMode: ConsistentProbabilitySampler.Mode = .equalizing
  ) throws {
    try self.init(configuration, natives: .builtin(samplingMode: samplingMode))
  }
}
