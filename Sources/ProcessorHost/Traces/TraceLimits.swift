/// How long whole traces are held, and how much of them.
public struct TraceLimits: Sendable, Equatable {
  /// How long a trace waits from its first span on, where its root does not end before.
  public var wait: Duration
  /// How long it waits for others once its root has ended.
  public var grace: Duration
  /// Bytes of memory that held spans may take up, resources and scopes included.
  public var bytes: Int
  /// Traces that may be held.
  public var traces: Int
  /// Spans of one trace that may be held.
  public var spansPerTrace: Int
  /// How many decisions are remembered for spans that come late: so many to keep, and so many to drop.
  public var decisions: Int
  /// How many threads hold and decide traces, 1 or more.
  public var shards: Int
  /// Whether the wait also ends with a span whose parent is in another service: right beside one service, wrong where the
  /// spans of several come together.
  public var endsWithLocalRoot: Bool

  /// Limits; by default 30 s, 2 s, 256 MiB, 100,000 traces of 10,000 spans, 100,000 decisions of each kind, one thread.
  public init(
    wait: Duration = .seconds(30), grace: Duration = .seconds(2), bytes: Int = 256 << 20, traces: Int = 100_000,
    spansPerTrace: Int = 10_000, decisions: Int = 100_000, shards: Int = 1, endsWithLocalRoot: Bool = false
  ) {
    self.wait = wait
    self.grace = grace
    self.bytes = bytes
    self.traces = traces
    self.spansPerTrace = spansPerTrace
    self.decisions = decisions
    self.shards = shards
    self.endsWithLocalRoot = endsWithLocalRoot
  }
}
