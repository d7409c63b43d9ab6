internal import BuiltinProcessors
internal import ProcessorHost
internal import PrometheusMetrics

/// What `/metrics` shows of the engine: read from its own accounts at each scrape.
struct HostFigures: Sendable {
  let host: SpanProcessorHost
  let intake: SpanIntake
  let queue: SpanQueue

  func families() async -> [MetricFamily] {
    let report = await host.report()
    let traces = await host.traceFigures()
    return intakeFamilies() + chainFamilies(report) + traceFamilies(traces) + ruleFamilies(report) + exchangeFamilies()
      + exportFamilies()
  }

  private func exchangeFamilies() -> [MetricFamily] {
    let pauses = host.exchangePauses
    let value = HistogramValue(bounds: ExchangePauses.bounds, counts: pauses.counts, sum: pauses.sum)
    return [
      MetricFamily(
        Self.prefix + "rule_exchange_seconds", .histogram,
        help: "Time that a lane stood still to exchange its rules for others.", samples: [MetricSample(value)]),
      MetricFamily(
        Self.prefix + "rule_exchange_longest_seconds", .gauge,
        help: "The longest time that a lane stood still to exchange its rules for others.", value: pauses.longest),
    ]
  }

  private func intakeFamilies() -> [MetricFamily] {
    let account = intake.account
    let notes = account.notes
    return [
      counter(
        "requests_total", "Requests that were read to their end, by what became of them.", by: "outcome",
        [("accepted", account.acceptedRequests), ("malformed", account.malformedRequests)]),
      counter("request_bytes_total", "Bytes of the requests that were accepted, decompressed.", account.acceptedBytes),
      counter("spans_received_total", "Spans that passed the door.", account.acceptedSpans),
      counter("spans_refused_total", "Spans that the door refused as malformed.", account.refusedSpans),
      counter(
        "spans_mended_total", "What was put right at the door, by kind.", by: "kind",
        [
          ("repeated_field", notes.repeatedFields), ("oneof_conflict", notes.oneofConflicts), ("group", notes.groups),
          ("invalid_utf8", notes.invalidStrings), ("reordered_container", notes.reorderedContainers),
          ("unknown_request_field", notes.unknownRequestFields),
        ]),
    ]
  }

  private func chainFamilies(_ report: PipelineReport) -> [MetricFamily] {
    let ledger = report.ledger
    return [
      counter("spans_emitted_total", "Spans that left the rules for the queue.", ledger.emitted),
      counter(
        "spans_stripped_total", "Of the emitted, those reduced to their frame because something failed.",
        ledger.stripped),
      counter(
        "spans_dropped_total", "Spans that a rule or processor dropped, by reason.", by: "reason", ledger.dropped),
      counter(
        "spans_sampled_out_total", "Spans that sampling or a rate limit left out, by reason.", by: "reason",
        ledger.sampledOut),
    ]
  }

  private func ruleFamilies(_ report: PipelineReport) -> [MetricFamily] {
    let stages = report.stages.sorted { $0.name < $1.name }
    let each = { (value: (PipelineReport.Stage) -> Int) in stages.map { ($0.name, value($0)) } }
    let hidden = report.hidden.map { label, count in
      MetricSample(
        count,
        labels: [
          MetricLabel("action", label.action), MetricLabel("matcher", label.matcher), MetricLabel("rule", label.rule),
        ])
    }
    return [
      counter("rule_calls_total", "Calls of a rule's hook or a processor.", by: "rule", each(\.calls)),
      counter("rule_edits_total", "Fields that a rule wrote or removed.", by: "rule", each(\.edits)),
      counter("rule_steps_total", "Steps that a rule's code used.", by: "rule", each(\.steps)),
      MetricFamily(
        Self.prefix + "rule_seconds_total", .counter,
        help: "Time that a rule's calls took; one call in 64 is timed.",
        samples: stages.map { MetricSample($0.seconds, labels: [MetricLabel("rule", $0.name)]) }),
      counter(
        "rule_failures_total", "Failures, by the place that failed.", by: "place", report.ledger.failures),
      counter(
        "rule_skipped_total", "Spans for which a rule was not called because it kept failing.", by: "rule",
        report.ledger.skipped),
      counter("rule_breaker_opened_total", "How often a rule's breaker has opened.", by: "rule", each(\.timesOpened)),
      gauge("rule_breaker_open", "Lanes on which a rule's breaker is open.", by: "rule", each { $0.isOpen ? 1 : 0 }),
      MetricFamily(
        Self.prefix + "hidden_total", .counter, help: "Times that something was hidden, by rule, matcher and action.",
        samples: hidden),
      counter(
        "spans_hidden_again_total",
        "Spans that waited while other rules came into force, and were hidden by these, too.",
        host.spansHiddenAgain + report.spansHiddenAgain),
      gauge("rule_set_number", "Which of the rule sets since the start is in force.", host.ruleSetNumber.value),
    ]
  }

  private func exportFamilies() -> [MetricFamily] {
    let accounts = queue.accounts.sorted { $0.key < $1.key }
    let each = { (value: (ExportAccount) -> Int) in accounts.map { ($0.key, value($0.value)) } }
    let gathered = queue.gathered
    let lost = accounts.flatMap { name, account in
      ExportAccount.Loss.allCases.map { reason in
        MetricSample(
          account.lost[reason] ?? 0, labels: [MetricLabel("exporter", name), MetricLabel("reason", reason.rawValue)])
      }
    }
    return [
      gauge("queue_limit_spans", "Spans that may be inside before clients are pushed back.", queue.limits.spans),
      gauge("queue_limit_bytes", "Bytes that may be inside before clients are pushed back.", queue.limits.bytes),
      gauge("batch_spans", "Spans in the batch under construction.", gathered.spans),
      gauge("batch_bytes", "Bytes in the batch under construction.", gathered.bytes),
      counter("exporter_spans_total", "Spans handed to an exporter.", by: "exporter", each(\.received)),
      counter("exporter_spans_exported_total", "Spans that the backend has taken.", by: "exporter", each(\.exported)),
      counter(
        "exporter_spans_refused_total", "Spans that the backend refused for good.", by: "exporter", each(\.refused)),
      MetricFamily(
        Self.prefix + "exporter_spans_lost_total", .counter, help: "Spans that were lost on the way, by reason.",
        samples: lost),
      gauge("exporter_queue_spans", "Spans that wait or are on their way.", by: "exporter", each(\.inside)),
      gauge("exporter_queue_bytes", "Bytes that wait or are on their way.", by: "exporter", each(\.insideBytes)),
      gauge(
        "exporter_uncertain_spans", "Of those inside, spans sent without an answer so far.", by: "exporter",
        each(\.uncertain)),
      counter("exporter_attempts_total", "Requests sent, those sent again included.", by: "exporter", each(\.attempts)),
    ]
  }

  // MARK: Families

  static let prefix = "processor_host_"

  func counter(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
    MetricFamily(Self.prefix + name, .counter, help: help, value: Double(value))
  }

  func gauge(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
    MetricFamily(Self.prefix + name, .gauge, help: help, value: Double(value))
  }

  func counter(
    _ name: String, _ help: String, by label: String, _ values: some Sequence<(String, Int)>
  ) -> MetricFamily {
    family(name, .counter, help, label, values)
  }

  private func counter(_ name: String, _ help: String, by label: String, _ values: [String: Int]) -> MetricFamily {
    family(name, .counter, help, label, values.map { ($0.key, $0.value) })
  }

  private func gauge(
    _ name: String, _ help: String, by label: String, _ values: some Sequence<(String, Int)>
  ) -> MetricFamily {
    family(name, .gauge, help, label, values)
  }

  private func family(
    _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ label: String, _ values: some Sequence<(String, Int)>
  ) -> MetricFamily {
    MetricFamily(
      Self.prefix + name, kind, help: help,
      samples: values.map { MetricSample($0.1, labels: [MetricLabel(label, $0.0)]) })
  }
}
