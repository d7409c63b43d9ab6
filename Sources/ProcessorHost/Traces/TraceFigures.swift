/// What is held of traces, and what became of those that were decided.
public struct TraceFigures: Sendable, Equatable {
  /// Traces that are held now.
  public var heldTraces = 0
  /// Their spans.
  public var heldSpans = 0
  /// Bytes that what is held takes up: encodings, resources and scopes, and the index over them.
  public var heldBytes = 0
  /// Bytes of memory that holding takes up in all: what is set aside for later, and what is remembered, included.
  public var reservedBytes = 0
  /// Traces that were decided so far, by why they were then.
  public var decided: [TraceCause: Int] = [:]
  /// Of these, traces without a span that has no parent.
  public var withoutRoot = 0
  /// Spans that came after their trace was decided, and were kept as it was.
  public var lateKept = 0
  /// The same of dropped traces.
  public var lateDropped = 0
  /// Of the kept ones, those that went without attributes that the decision had set, as these were not remembered.
  public var lateUntagged = 0
  /// Decisions to which a late span could have come, and that were forgotten for newer ones.
  public var forgotten = 0

  /// Nothing so far.
  public init() {}

  /// Adds the counts of another shard.
  public static func += (left: inout TraceFigures, right: TraceFigures) {
    left.heldTraces += right.heldTraces
    left.heldSpans += right.heldSpans
    left.heldBytes += right.heldBytes
    left.reservedBytes += right.reservedBytes
    left.decided.merge(right.decided, uniquingKeysWith: +)
    left.withoutRoot += right.withoutRoot
    left.lateKept += right.lateKept
    left.lateDropped += right.lateDropped
    left.lateUntagged += right.lateUntagged
    left.forgotten += right.forgotten
  }
}
