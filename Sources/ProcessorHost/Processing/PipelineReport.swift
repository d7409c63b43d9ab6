/// What a pipeline has counted.
package struct PipelineReport: Sendable {
  package var ledger = SpanLedger()
  /// How often each step of the hide policy that is in force hit.
  package var hideHits: [Int] = []
  /// How often something was hidden, by what and how, under all sets so far.
  package var hidden: [HideLabel: Int] = [:]
  package var stages: [Stage] = []
  /// Bytes of the batches.
  package var bytes = 0
  /// The time for which the lane had a processor while it worked on some of them, and how many spans these had.
  package var processorTime = Duration.zero
  package var timedSpans = 0
  /// Spans of held traces that were hidden again by another set than the one they came under.
  package var spansHiddenAgain = 0

  /// What a rule or processor has done.
  package struct Stage: Sendable {
    package var name: String
    /// How often it was called.
    package var calls: Int
    /// How long the calls took, as far as some of them speak for all.
    package var seconds: Double
    /// Fields that it wrote or removed.
    package var edits: Int
    /// Steps that its code used; zero for processors.
    package var steps: Int
    /// How often its breaker has opened.
    package var timesOpened: Int
    /// Whether its breaker is open.
    package var isOpen: Bool
  }

  /// A step of a hide policy as counts name it.
  package struct HideLabel: Sendable, Hashable {
    /// `words`, `text`, …
    package var matcher: String
    /// `mark`, `remove`, …
    package var action: String
    /// The rule it stands in; empty for the app's own policy.
    package var rule: String

    init(_ step: HideStep) {
      matcher = step.matcher.name
      action = step.action.name
      rule = step.origin.split(separator: ".").first.map(String.init) ?? ""
    }
  }

  /// Adds what a set has counted that ran before. Stages of the same name are one.
  static func += (left: inout PipelineReport, right: PipelineReport) {
    left.ledger += right.ledger
    left.bytes += right.bytes
    left.processorTime += right.processorTime
    left.timedSpans += right.timedSpans
    left.spansHiddenAgain += right.spansHiddenAgain
    left.hidden.merge(right.hidden, uniquingKeysWith: +)
    for stage in right.stages {
      if let index = left.stages.firstIndex(where: { $0.name == stage.name }) {
        left.stages[index].calls += stage.calls
        left.stages[index].seconds += stage.seconds
        left.stages[index].edits += stage.edits
        left.stages[index].steps += stage.steps
        left.stages[index].timesOpened += stage.timesOpened
      } else {
        left.stages.append(stage)
        left.stages[left.stages.count - 1].isOpen = false
      }
    }
  }
}
