package import ProcessorHost

/// What holding traces means, said as plainly as can be: the truth that the buffer is held against.
package struct TraceModel {
  private struct Held {
    var spans: [UInt64] = []
    var firstSeen: UInt64
    var rootSeen: UInt64?
  }

  /// A span as it left.
  package struct Left: Hashable {
    package var trace: TraceID
    package var span: UInt64

    package init(trace: TraceID, span: UInt64) {
      self.trace = trace
      self.span = span
    }
  }

  private let wait: UInt64
  private let grace: UInt64
  /// Whether a trace of this id is kept.
  private let keeps: (TraceID) -> Bool

  private var held: [TraceID: Held] = [:]
  private var decisions: [TraceID: Bool] = [:]
  package private(set) var order: [TraceID] = []
  /// How many spans a trace had when it was decided.
  package private(set) var sizes: [TraceID: Int] = [:]
  package private(set) var left: [Left: Int] = [:]
  package private(set) var late = 0

  package init(wait: UInt64, grace: UInt64, keeps: @escaping (TraceID) -> Bool) {
    self.wait = wait
    self.grace = grace
    self.keeps = keeps
  }

  package var heldSpans: Int { held.values.reduce(0) { $0 + $1.spans.count } }

  package mutating func add(_ span: PlainSpan, at now: UInt64) {
    let id = span.traceID
    if let isKept = decisions[id] {
      late += 1
      if isKept { left[Left(trace: id, span: span.spanID.value), default: 0] += 1 }
      return
    }
    held[id, default: Held(firstSeen: now)].spans.append(span.spanID.value)
    if span.parentSpanID == nil, held[id]?.rootSeen == nil { held[id]?.rootSeen = now }
  }

  package mutating func advance(to now: UInt64) {
    var due: [(at: UInt64, id: TraceID)] = []
    for (id, trace) in held {
      let at = min(trace.firstSeen + wait, trace.rootSeen.map { $0 + grace } ?? .max)
      if at <= now { due.append((at, id)) }
    }
    for (_, id) in due.sorted(by: { $0.at < $1.at }) { decide(id) }
  }

  package mutating func end() {
    for id in held.sorted(by: { $0.value.firstSeen < $1.value.firstSeen }).map(\.key) { decide(id) }
  }

  private mutating func decide(_ id: TraceID) {
    guard let trace = held.removeValue(forKey: id) else { return }
    order.append(id)
    sizes[id] = trace.spans.count
    decisions[id] = keeps(id)
    if keeps(id) { for span in trace.spans { left[Left(trace: id, span: span), default: 0] += 1 } }
  }
}
