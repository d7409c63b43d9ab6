/// What one set of rules has met and cost, as far as two sets can be compared by it.
package struct RuleSetFigures: Sendable, Equatable {
  /// What one rule of it has done.
  package struct Rule: Sendable, Equatable {
    package var calls = 0
    /// Steps that its code used: they are counted, not measured, so that equal spans cost equal steps.
    package var steps = 0
    /// How often it was no longer called because it kept failing.
    package var timesOpened = 0

    package init(calls: Int = 0, steps: Int = 0, timesOpened: Int = 0) {
      self.calls = calls
      self.steps = steps
      self.timesOpened = timesOpened
    }
  }

  /// Spans that it has processed.
  package var spans = 0
  /// The bytes of these.
  package var bytes = 0
  /// The time for which lanes had a processor while they worked on some of them, and how many these were.
  package var processorTime = Duration.zero
  package var timedSpans = 0
  /// Failures by place, whatever the rule's failure policy made of them.
  package var failures: [String: Int] = [:]
  /// Calls that were left out because a rule kept failing.
  package var skipped = 0
  /// Its rules and processors with code, by name.
  package var rules: [String: Rule] = [:]

  package init() {}

  init(_ report: PipelineReport) {
    spans = report.ledger.received
    bytes = report.bytes
    processorTime = report.processorTime
    timedSpans = report.timedSpans
    failures = report.ledger.failures
    skipped = report.ledger.skipped.values.reduce(0, +)
    for stage in report.stages {
      rules[stage.name] = Rule(calls: stage.calls, steps: stage.steps, timesOpened: stage.timesOpened)
    }
  }

  /// Adds what another lane has counted, or the same set at another time.
  package static func += (left: inout RuleSetFigures, right: RuleSetFigures) {
    left.spans += right.spans
    left.bytes += right.bytes
    left.processorTime += right.processorTime
    left.timedSpans += right.timedSpans
    left.failures.merge(right.failures, uniquingKeysWith: +)
    left.skipped += right.skipped
    left.rules.merge(right.rules) { left, right in
      Rule(
        calls: left.calls + right.calls, steps: left.steps + right.steps,
        timesOpened: left.timesOpened + right.timesOpened)
    }
  }

  /// Calls that did not do their work.
  var failed: Int { failures.values.reduce(0, +) + skipped }

  /// Steps of all rules.
  var steps: Int { rules.values.reduce(0) { $0 + $1.steps } }

  /// The place that failed most, for whoever looks for it.
  var mainFailure: String? {
    failures.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
