package import ProcessorHost

/// How this module holds traces.
package struct BuiltinTraces: TraceHoldingNative {
  package init() {}

  package func makeHolder(_ limits: TraceLimits) -> any TraceHolder { TraceBuffer(limits) }
}

final class TraceBuffer: TraceHolder {
  init(_ limits: TraceLimits) {}
  func add(_ arrival: TraceArrival, at now: UInt64, _ decider: any TraceDecider) {}
  func advance(to now: UInt64, _ decider: any TraceDecider) {}
  func decideAll(_ cause: TraceCause, _ decider: any TraceDecider) {}
  var figures: TraceFigures { TraceFigures() }
}
