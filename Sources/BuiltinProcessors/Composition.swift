public import ProcessorHost

extension RuleNatives {
  /// The natives of this module.
  package static var builtin: RuleNatives { builtin() }

  /// The natives of this module, with ratios that are a share of this, and with these keys for pseudonyms.
  package static func builtin(
    samplingMode: ConsistentProbabilitySampler.Mode = .equalizing, keys: [String: PseudonymKeyRing] = [:]
  ) -> RuleNatives {
    RuleNatives(
      hiding: BuiltinHiding(keys: keys), sampling: BuiltinSampling(mode: samplingMode), traces: BuiltinTraces(),
      rateLimits: { RateLimits() }, digest: \.digest)
  }
}

extension SpanProcessorHost {
  /// Loads the rules and starts the lanes.
  /// - Parameters:
  ///   - samplingMode: what the ratios that rules and processors ask for are a share of.
  ///   - keys: the keys for pseudonyms, by the names that rules call them.
  /// - Throws: `RuleErrors`, with everything that is wrong with the rules.
  public convenience init(
    _ configuration: Configuration, samplingMode: ConsistentProbabilitySampler.Mode = .equalizing,
    keys: [String: PseudonymKeyRing] = [:]
  ) throws {
    try self.init(configuration, natives: .builtin(samplingMode: samplingMode, keys: keys))
  }
}
