internal import ProcessorHost
internal import Synchronization

/// What the rules did to each span, line by line, on its way from the lane to standard error.
final class Explanations: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ new: [String]) { lines.withLock { $0 += new } }

  /// What has come together since the last time.
  func take() -> String {
    lines.withLock { lines in
      defer { lines = [] }
      return lines.joined(separator: "\n")
    }
  }

  /// Writes what has come together on standard error.
  func flush() {
    let text = take()
    if !text.isEmpty { StandardError.write(text) }
  }
}

/// Watches a pipeline and says for each span what happened to it. Values are named by their kind, never shown, since
/// this runs before they are hidden.
final class Explainer: PipelineObserver {
  private let explanations: Explanations
  private let steps: [HideStep]
  private var lines: [String] = []

  init(_ explanations: Explanations, _ steps: [HideStep]) {
    self.explanations = explanations
    self.steps = steps
  }

  func ran(_ stage: String, _ span: SpanWorkspace, since point: SpanWorkspace.Checkpoint) {
    for (subject, isRemoved) in span.edits(since: point) {
      let bytes = span.bytes(of: subject)
      let path =
        subject.number == FieldNumber.Span.attributes
        ? "attributes." + AttributeValue.escaped(String(wire: bytes, subject.key)) : Self.fieldName(subject.number)
      lines.append("  \(stage): " + (isRemoved ? "removed \(path)" : "set \(path)"))
    }
    lines += Self.verdictLines(stage, point.verdict, span.verdict)
  }

  func failed(_ stage: String, _ failure: StageFailure, policy: FailurePolicy) {
    lines.append("  \(stage): failed, \(failure); so the span goes on: \(policy.rawValue)")
  }

  func finished(_ span: SpanWorkspace, hidden: [HideFinding], outcome: SamplingOutcome, isStripped: Bool) {
    let view = ReadWriteSpan(span)
    var text = ["span \(view.spanID) of trace \(view.traceID)"]
    text += lines.map(String.printable)
    if !isStripped { text += hideLines(hidden) }
    switch outcome {
    case .kept: text.append(isStripped ? "  stripped" : "  kept")
    case .dropped(let reason): text.append("  dropped: \(String.printable(reason))")
    case .sampledOut(let reason): text.append("  sampled out: \(String.printable(reason))")
    }
    explanations.add(text)
    lines = []
  }

  func finishedHeader(_ message: WireMessage, hidden: [HideFinding], lastSpan: SpanWorkspace?) {
    if hidden.isEmpty { return }
    let owner = message == .scopeSpans ? "scope" : "resource"
    explanations.add(["\(owner), once for all spans that share it"] + hideLines(hidden))
  }

  // Traces are decided when their spans have been told of.
  private var traceLines: [String] = []

  func ran(_ stage: String, _ trace: TraceWorkspace, since point: TraceWorkspace.Checkpoint) {
    for edit in trace.edits(since: point) {
      let key = AttributeValue.escaped(String(decoding: edit.key, as: UTF8.self))
      let place = edit.span.map { "span " + Self.hexadecimal(trace.spans[$0].id) } ?? "all spans"
      let condition = edit.condition.map { ", if \($0) decides" } ?? ""
      traceLines.append("  \(stage): set attributes.\(key) on \(place)\(condition)")
    }
    traceLines += Self.verdictLines(stage, point.verdict.common, trace.verdict.common)
    if let share = trace.verdict.arriving, share != point.verdict.arriving {
      traceLines.append("  \(stage): sample \(share.ratio) of those that arrive, \(share.reason)")
    }
  }

  func failed(_ stage: String, _ failure: StageFailure, _ trace: TraceWorkspace) {
    traceLines.append("  \(stage): failed, \(failure); the trace goes on without what it did")
  }

  func decided(_ trace: TraceWorkspace, outcome: SamplingOutcome, reason: SpanReason?) {
    var text = ["trace \(trace.id), \(trace.spans.count) spans"] + traceLines.map(String.printable)
    switch outcome {
    case .kept: text.append("  kept" + (reason.map { ": \(String.printable($0.name))" } ?? ""))
    case .dropped(let reason): text.append("  dropped: \(String.printable(reason))")
    case .sampledOut(let reason): text.append("  sampled out: \(String.printable(reason))")
    }
    explanations.add(text)
    traceLines = []
  }

  private static func hexadecimal(_ id: UInt64) -> String { SpanID(id).description }

  private func hideLines(_ findings: [HideFinding]) -> [String] {
    findings.map { finding in
      let step = steps[finding.step]
      let path = AttributeValue.escaped(finding.path)
      return "  hide: \(path), \(step.action.name) by \(step.matcher.name), \(step.origin)"
    }
  }

  private static func verdictLines(_ stage: String, _ before: SpanVerdict, _ after: SpanVerdict) -> [String] {
    var lines: [String] = []
    if before.dropReason != after.dropReason, let reason = after.dropReason {
      lines.append("  \(stage): drop, \(reason)")
    }
    if before.keepReason != after.keepReason, let reason = after.keepReason {
      lines.append("  \(stage): keep, \(reason)")
    }
    if before.ratioReason != after.ratioReason || before.ratio != after.ratio, let reason = after.ratioReason {
      lines.append("  \(stage): sample \(after.ratio), \(reason)")
    }
    return lines
  }

  private static func fieldName(_ number: UInt32) -> String {
    switch number {
    case FieldNumber.Span.name: "name"
    case FieldNumber.Span.status: "status"
    case FieldNumber.Span.events: "events"
    case FieldNumber.Span.links: "links"
    case FieldNumber.Span.traceState: "trace_state"
    default: "field \(number)"
    }
  }
}
