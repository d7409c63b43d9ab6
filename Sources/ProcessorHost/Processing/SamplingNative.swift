/// Turns what the chain said about a span's fate into the decision. The implementation is given to the host.
package protocol SamplingNative: Sendable {
  /// The state of one lane.
  func makeWorker() -> any SamplingWorker

  /// The state of one shard that decides whole traces.
  func makeTraceWorker() -> any TraceSamplingWorker
}

/// The sampling decision on one lane.
package protocol SamplingWorker: AnyObject {
  /// Decides, and where the span is kept writes its sampling threshold: the host alone writes `ot=th`.
  func decide(_ verdict: SpanVerdict, _ span: SpanWorkspace) -> SamplingOutcome
}

/// Whether a span goes on.
package enum SamplingOutcome: Sendable, Hashable {
  case kept
  case dropped(reason: String)
  case sampledOut(reason: String)
}
