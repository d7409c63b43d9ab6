/// Why a trace was decided when it was.
public enum TraceCause: String, Sendable, CaseIterable {
  /// Its root had ended, and the grace period was over, or somebody asked for what had ended.
  case complete
  /// It had waited as long as a trace may.
  case waited
  /// There was no room for more bytes, and it was the oldest.
  case earlyMemory = "early_memory"
  /// There was no room for more traces, and it was the oldest.
  case earlyTraces = "early_traces"
  /// It had as many spans as a trace may.
  case earlySpans = "early_spans"
  /// Rules came into force that do not ask for whole traces.
  case rules
  /// The host was told to end.
  case shutdown

  /// Whether it was decided before its time, for want of room.
  public var isEarly: Bool { self == .earlyMemory || self == .earlyTraces || self == .earlySpans }
}
