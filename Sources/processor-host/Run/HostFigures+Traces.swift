internal import HostServices
internal import ProcessorHost
internal import PrometheusMetrics

extension HostFigures {
  /// What is held of traces, and what became of those that were decided.
  func traceFamilies(_ figures: TraceFigures) -> [MetricFamily] {
    [
      gauge("traces_held", "Traces that are held until they are decided.", figures.heldTraces),
      gauge("traces_held_spans", "Spans of these.", figures.heldSpans),
      gauge("traces_held_bytes", "Bytes that what is held takes up.", figures.heldBytes),
      gauge(
        "traces_reserved_bytes", "Bytes of memory for holding traces, what is remembered and set aside included.",
        figures.reservedBytes),
      counter(
        "traces_decided_total", "Traces that were decided, by why they were then.", by: "cause",
        TraceCause.allCases.map { ($0.rawValue, figures.decided[$0] ?? 0) }),
      counter("traces_without_root_total", "Of the decided, those without a root.", figures.withoutRoot),
      counter(
        "traces_late_spans_total", "Spans that came after their trace was decided, and followed that.", by: "fate",
        [("kept", figures.lateKept), ("dropped", figures.lateDropped)]),
      counter(
        "traces_late_untagged_total",
        "Of the kept, those that lack attributes of their trace, which were too many to remember.",
        figures.lateUntagged),
      counter(
        "traces_forgotten_total",
        "Decisions that were forgotten for newer ones: a later span makes a trace of its own.",
        figures.forgotten),
    ]
  }
}

extension TraceLimits {
  /// The limits that settings say.
  init(_ settings: TraceSettings) {
    self.init(
      wait: settings.wait, grace: settings.grace, bytes: settings.maxBytes, traces: settings.maxTraces,
      spansPerTrace: settings.maxSpans, decisions: settings.decisions, shards: settings.shards,
      endsWithLocalRoot: settings.root == .service)
  }
}
