internal import ProcessorHost

/// The spans of traces that are not yet decided, on one shard, as the bytes they are.
///
/// A trace is decided when its root has come and the grace period is over, or when it has waited long enough, in the order
/// in which these times come. Where there is no room, the oldest goes before its time. What was decided is remembered for
/// spans that come late.
///
/// `@exclusivity(unchecked)`: one shard owns it, and no method calls out while it changes a property, so accesses cannot
/// overlap; checking it at run time took a fifth of the time to hold a span.
final class TraceBuffer: TraceHolder {
  private let wait: UInt64
  private let grace: UInt64
  private let maximumTraces: Int
  private let maximumSpans: UInt32
  private let maximumBlocks: Int
  private let maximumHeaders: Int

  private let arena = BlockArena()
  @exclusivity(unchecked) private var table = TraceTable()
  @exclusivity(unchecked) private var headers = HeaderTable()
  @exclusivity(unchecked) private var kept: DecisionMemory
  @exclusivity(unchecked) private var dropped: DecisionMemory
  @exclusivity(unchecked) private var counts = TraceFigures()
  private let record = WireBuffer(capacity: 64)
  private let reader = TraceReader()

  init(_ limits: TraceLimits) {
    wait = Self.nanoseconds(limits.wait)
    grace = Self.nanoseconds(limits.grace)
    maximumTraces = max(limits.traces, 1)
    maximumSpans = UInt32(clamping: max(limits.spansPerTrace, 1))
    // An eighth for resources and scopes.
    maximumBlocks = max(limits.bytes / 8 * 7 / BlockArena.blockSize, 1)
    maximumHeaders = limits.bytes / 8
    kept = DecisionMemory(limit: limits.decisions)
    dropped = DecisionMemory(limit: limits.decisions)
  }

  private static func nanoseconds(_ duration: Duration) -> UInt64 { UInt64(max(duration / .nanoseconds(1), 0)) }

  var figures: TraceFigures {
    var figures = counts
    figures.heldTraces = table.count
    figures.heldBytes = arena.used * BlockArena.blockSize + headers.size + table.reserved
    figures.reservedBytes = arena.reserved + headers.size + table.reserved + kept.reserved + dropped.reserved
    figures.forgotten = kept.forgotten + dropped.forgotten
    return figures
  }

  // MARK: Taking spans

  func add(_ arrival: TraceArrival, at now: UInt64, _ decider: any TraceDecider) {
    advance(to: now, decider)
    let batch = arrival.batch
    batch.bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      var containers = ArrivedContainers(batch)
      for span in arrival.spans {
        makeRoom(span.content.count, decider)
        if take(span, base, now, arrival.ruleSet, &containers, decider) { continue }
        let id = span.id
        if let late = kept.find(id) ?? dropped.find(id) {
          follow(late.decision, late.isUntagged, span, batch, base, arrival.ruleSet, decider)
        } else {
          if table.count >= maximumTraces { decide(table.oldest, .earlyTraces, decider) }
          _ = table.insert(
            TraceTable.Entry(id: id, firstSeen: now, ruleSet: UInt32(clamping: arrival.ruleSet.value)))
          _ = take(span, base, now, arrival.ruleSet, &containers, decider)
        }
      }
      containers.release(from: &headers)
    }
  }

  /// Holds a span with its trace; false where its trace is not held.
  private func take(
    _ span: TraceArrival.Span, _ base: UnsafePointer<UInt8>, _ now: UInt64, _ ruleSet: RuleSetNumber,
    _ containers: inout ArrivedContainers, _ decider: any TraceDecider
  ) -> Bool {
    let index = table.find(span.id)
    if index == TraceTable.none { return false }
    let resource = containers.resource(span.resource, base, &headers)
    let scope = containers.scope(span.scope, base, &headers)
    headers.use(resource)
    headers.use(scope)
    record.truncate(to: 0)
    record.appendVarint(UInt64(resource))
    record.appendVarint(UInt64(scope))
    record.appendVarint(UInt64(span.content.count))
    arena.append(UnsafePointer(record.base), record.count, to: &table[index].stream)
    arena.append(base + span.content.lowerBound, span.content.count, to: &table[index].stream)
    table[index].spans += 1
    table[index].ruleSet = min(table[index].ruleSet, UInt32(clamping: ruleSet.value))
    counts.heldSpans += 1
    if span.isRoot { table.noteRoot(index, at: now) }
    if table[index].spans >= maximumSpans { decide(index, .earlySpans, decider) }
    return true
  }

  /// Decides the oldest traces until there is room for a span. One span is always taken, however large.
  private func makeRoom(_ count: Int, _ decider: any TraceDecider) {
    let blocks = BlockArena.blocks(for: count + 20)
    while table.count > 0, arena.used + blocks > maximumBlocks || headers.size > maximumHeaders {
      decide(table.oldest, .earlyMemory, decider)
    }
  }

  private func follow(
    _ decision: TraceDecision, _ isUntagged: Bool, _ span: TraceArrival.Span, _ batch: SpanBatch.Parts,
    _ base: UnsafePointer<UInt8>, _ ruleSet: RuleSetNumber, _ decider: any TraceDecider
  ) {
    if decision.isKept { counts.lateKept += 1 } else { counts.lateDropped += 1 }
    if decision.isKept, isUntagged { counts.lateUntagged += 1 }
    let container = TraceWorkspace.Container(
      batch.resources[Int(span.resource)], batch.scopes[Int(span.scope)])
    reader.read(span, in: container, base, into: decider.trace)
    decider.follow(decision, hiddenUnder: ruleSet)
  }

  // MARK: Deciding

  func advance(to now: UInt64, _ decider: any TraceDecider) {
    while decider.hasRoom, let (index, cause) = due(at: now) { decide(index, cause, decider) }
  }

  func decideEnded(by time: UInt64, _ decider: any TraceDecider) -> Bool {
    while table.oldestRoot != TraceTable.none, table[table.oldestRoot].rootSeen <= time {
      guard decider.hasRoom else { return false }
      decide(table.oldestRoot, .complete, decider)
    }
    return true
  }

  func decideAll(_ cause: TraceCause, _ decider: any TraceDecider) {
    while decider.hasRoom, table.count > 0 { decide(table.oldest, cause, decider) }
  }

  /// The trace that was due first, where one is.
  private func due(at now: UInt64) -> (UInt32, TraceCause)? {
    var first: (index: UInt32, cause: TraceCause, since: UInt64)?
    if table.oldest != TraceTable.none {
      let elapsed = now &- table[table.oldest].firstSeen
      if elapsed >= wait { first = (table.oldest, .waited, elapsed - wait) }
    }
    if table.oldestRoot != TraceTable.none {
      let elapsed = now &- table[table.oldestRoot].rootSeen
      if elapsed >= grace, elapsed - grace >= first?.since ?? 0 {
        first = (table.oldestRoot, .complete, elapsed - grace)
      }
    }
    return first.map { ($0.index, $0.cause) }
  }

  private func decide(_ index: UInt32, _ cause: TraceCause, _ decider: any TraceDecider) {
    let entry = table.remove(index)
    let trace = decider.trace
    reader.read(entry.stream, of: entry.id, cause, arena, headers, into: trace)
    arena.free(entry.stream)
    for container in reader.uses { headers.release(container) }
    counts.heldSpans -= Int(entry.spans)
    counts.decided[cause, default: 0] += 1
    if trace.root == nil { counts.withoutRoot += 1 }
    let decision = decider.decide(hiddenUnder: RuleSetNumber(Int(entry.ruleSet)))
    if decision.isKept { kept.remember(entry.id, decision) } else { dropped.remember(entry.id, decision) }
  }
}
