/// The sampling decision on whole traces, on one shard. The implementation is given to the host.
package protocol TraceSamplingWorker: AnyObject {
  /// Decides for all spans of a trace at once, by what its stages have said and by its randomness.
  /// - Returns: the decision, and for a trace that stays the reason that counted, where one was given.
  func decide(_ trace: TraceWorkspace) -> (sampling: TraceSampling, reason: SpanReason?)

  /// Writes the sampling threshold of a span that is kept: the host alone writes `ot=th`.
  func mark(_ span: SpanWorkspace, _ sampling: TraceSampling)
}

/// What was decided for all spans of a trace.
package struct TraceSampling: Sendable, Hashable {
  /// What becomes of the trace.
  package var outcome: SamplingOutcome
  /// The rejection threshold that the trace has passed, 56 bits; nil where it has passed none.
  package var threshold: UInt64?
  /// Whether nobody knows how probable it was that the trace is kept.
  package var erasesThreshold: Bool

  package init(_ outcome: SamplingOutcome, threshold: UInt64? = nil, erasesThreshold: Bool = false) {
    self.outcome = outcome
    self.threshold = threshold
    self.erasesThreshold = erasesThreshold
  }

  /// Whether spans that are kept get another threshold than they came with.
  package var marks: Bool { threshold != nil || erasesThreshold }
}

/// What late spans of a trace follow.
package struct TraceDecision: Sendable, Hashable {
  package var sampling: TraceSampling
  /// Attributes that were set on all spans: keys, and the contents of their values.
  package var attributes: [Attribute]

  package struct Attribute: Sendable, Hashable {
    package var key: [UInt8]
    package var value: [UInt8]
  }

  package init(_ sampling: TraceSampling, attributes: [Attribute] = []) {
    self.sampling = sampling
    self.attributes = attributes
  }

  package var isKept: Bool { sampling.outcome == .kept }
}
