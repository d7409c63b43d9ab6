internal import BuiltinProcessors
internal import ProcessorHost

/// The `ot` member's part in consistent probability sampling. OpenTelemetry specification: TraceState: Probability
/// Sampling.
extension TraceState {
  /// The 56 bits that decide on a trace: those that the trace state gives, and otherwise the last ones of the trace's id.
  func randomness(of traceID: TraceID) -> UInt64 {
    (isEmpty ? nil : withOTelTraceState(\.randomness)) ?? traceID.low & (1 << 56 - 1)
  }

  /// Whether a sampled span can have come by the threshold that the trace state gives; true where it gives none.
  func isConsistent(with traceID: TraceID) -> Bool {
    if isEmpty { return true }
    return withOTelTraceState { state in
      state.threshold?.keeps(randomness: state.randomness ?? traceID.low & (1 << 56 - 1)) ?? true
    }
  }

  /// The trace state with another threshold, or without one. Allocates only where that changes it.
  func writing(threshold: SamplingThreshold?) -> TraceState {
    if isEmpty, threshold == nil { return self }
    let text: String? = withOTelTraceState { state in
      if state.threshold == threshold { return nil }
      var output: [UInt8] = []
      output.reserveCapacity(description.utf8.count + 24)
      state.writing(threshold: threshold, into: &output)
      return String(decoding: output, as: UTF8.self)
    }
    return text.map { TraceState(checked: $0) } ?? self
  }

  private func withOTelTraceState<Result>(_ body: (OTelTraceState) -> Result) -> Result {
    var text = description
    return text.withUTF8 { body(OTelTraceState($0)) }
  }
}
