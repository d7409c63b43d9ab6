public import ProcessorHost

extension RuleNatives {
  /// The natives of this module.
  package static var builtin: RuleNatives {
    RuleNatives(hiding: BuiltinHiding(), sampling: BuiltinSampling(), rateLimits: { RateLimits() })
  }
}

extension SpanProcessorHost {
  /// Loads the rules and starts the lanes.
  /// - Throws: `RuleErrors`, with everything that is wrong with the rules.
  public convenience init(_ configuration: Configuration) throws {
    try self.init(configuration, natives: .builtin)
  }
}
