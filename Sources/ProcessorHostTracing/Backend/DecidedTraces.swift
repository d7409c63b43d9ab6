internal import ProcessorHost

/// Takes decided traces into the queue, as long as half of it is left to the spans that end now: these would be dropped,
/// and what is held can wait.
struct DecidedTraces: TraceOutput {
  let queue: SpanQueue

  var hasRoom: Bool {
    let inside = queue.inside
    return inside.spans < (queue.limits.spans + 1) / 2 && inside.bytes < queue.limits.bytes / 2
  }

  func add(_ batch: consuming SpanBatch, ruleSet: RuleSetNumber) { queue.add(batch, ruleSet: ruleSet) }

  func flush() { queue.flush() }
}
