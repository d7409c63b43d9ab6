package import ProcessorHost

/// How this module holds traces.
package struct BuiltinTraces: TraceHoldingNative {
  package init() {}

  package func makeHolder(_ limits: TraceLimits) -> any TraceHolder { TraceBuffer(limits) }
}
