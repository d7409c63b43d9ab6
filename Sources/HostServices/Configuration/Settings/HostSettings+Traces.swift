extension HostSettings {
  /// How whole traces are held.
  static let traces: [Setting] = [
    Setting(
      "traces.wait", \.traces.wait, .duration(.milliseconds(1)...hour),
      "How long a trace is held from its first span on, where its root does not come before."),
    Setting(
      "traces.grace", \.traces.grace, .duration(.zero...hour),
      "How long it is held for others once its root has come; the more, the longer apps gather spans."),
    Setting(
      "traces.root", \.traces.root, .choice(),
      "What that root is: `trace` a span without a parent, `service` also one whose parent is in another service."),
    Setting(
      "traces.max_bytes", \.traces.maxBytes, .bytes(1 << 20...1 << 40),
      "Bytes that held spans may take up; past it the oldest traces are decided early."),
    Setting(
      "traces.max_traces", \.traces.maxTraces, .count(1...100_000_000),
      "Traces that may be held, some 100 bytes each beside their spans; past it the oldest are decided early."),
    Setting(
      "traces.max_spans_per_trace", \.traces.maxSpans, .count(1...10_000_000),
      "Spans of one trace that may be held; then it is decided early."),
    Setting(
      "traces.decisions", \.traces.decisions, .count(0...100_000_000),
      "How many decisions are remembered for spans that come late: so many to keep and so many to drop."),
    Setting("traces.shards", \.traces.shards, .count(1...256), "How many threads hold and decide traces."),
  ]
}
