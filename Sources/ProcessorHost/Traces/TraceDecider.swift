/// Decides the traces that are due; whoever holds spans calls it, on the shard that both belong to.
package protocol TraceDecider: AnyObject {
  /// Filled by the holder before `decide`.
  var trace: TraceWorkspace { get }

  /// Whether what is due can leave now; what is not yet due waits with it. What there is no room for is decided all the
  /// same.
  var hasRoom: Bool { get }

  /// Decides the trace in the workspace: it is hidden again where that is due, goes through the stages, and leaves or
  /// does not.
  /// - Parameter hidden: the oldest of the rule sets by which its spans were hidden.
  func decide(hiddenUnder hidden: RuleSetNumber) -> TraceDecision

  /// Takes a span whose trace was decided before: it is alone in the workspace.
  func follow(_ decision: TraceDecision, hiddenUnder hidden: RuleSetNumber)
}

/// Makes what holds the spans of traces; given to the host, as it does not know how they are held.
package protocol TraceHoldingNative: Sendable {
  /// What holds the traces of one shard.
  /// - Parameter limits: of this shard alone.
  func makeHolder(_ limits: TraceLimits) -> any TraceHolder
}

/// Holds the spans of traces until these are decided, on one shard.
///
/// Times are nanoseconds of one clock that never goes back.
package protocol TraceHolder: AnyObject {
  /// Takes some of a batch's spans. What is due by then is decided before, and what there is no room for.
  func add(_ arrival: TraceArrival, at now: UInt64, _ decider: any TraceDecider)

  /// Decides what is due.
  func advance(to now: UInt64, _ decider: any TraceDecider)

  /// Decides the traces whose root had come by then, whether or not the grace period is over, as far as there is room.
  /// - Returns: whether all of them are decided.
  func decideEnded(by time: UInt64, _ decider: any TraceDecider) -> Bool

  /// Decides all that is held, the oldest first, as far as there is room for it.
  func decideAll(_ cause: TraceCause, _ decider: any TraceDecider)

  var figures: TraceFigures { get }
}

/// Spans of one batch for one shard.
package struct TraceArrival: Sendable {
  /// The batch that they are in, shared with other shards.
  package var batch: SpanBatch.Parts
  package var spans: [Span]
  /// The set by which they were processed and hidden.
  package var ruleSet: RuleSetNumber

  package struct Span: Sendable {
    package var id: TraceID
    /// Where it stands in the batch.
    package var content: Range<Int>
    /// The indices of its resource and its scope in the batch.
    package var resource: Int32
    package var scope: Int32
    /// Whether the wait for its trace ends with it: it is the root.
    package var isRoot: Bool

    package init(id: TraceID, content: Range<Int>, resource: Int32, scope: Int32, isRoot: Bool) {
      self.id = id
      self.content = content
      self.resource = resource
      self.scope = scope
      self.isRoot = isRoot
    }
  }

  package init(batch: SpanBatch.Parts, spans: [Span], ruleSet: RuleSetNumber) {
    self.batch = batch
    self.spans = spans
    self.ruleSet = ruleSet
  }
}
