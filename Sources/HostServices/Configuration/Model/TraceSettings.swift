/// How whole traces are held, where a rule asks for them.
package struct TraceSettings: Sendable, Equatable {
  /// What ends the wait for a trace before its time.
  package enum Root: String, Sendable, CaseIterable {
    /// A span without a parent.
    case trace
    /// Also one whose parent is in another service, by OTLP's flags.
    case service
  }

  /// How long a trace waits from its first span on, where its root does not end before.
  package var wait = Duration.seconds(30)
  /// How long it waits for others once its root has ended.
  package var grace = Duration.seconds(2)
  /// What that root is.
  package var root = Root.trace
  /// Bytes that held spans may take up.
  package var maxBytes = 256 << 20
  /// Traces that may be held.
  package var maxTraces = 100_000
  /// Spans of one trace that may be held.
  package var maxSpans = 10_000
  /// Decisions of each kind that are remembered for late spans.
  package var decisions = 100_000
  /// How many threads hold and decide traces.
  package var shards = 1

  package init() {}
}
