/// The spans of a batch as their traces: children below their parents, as far as both are there.
struct TraceTree {
  /// A span at its place.
  struct Node {
    var span: PlainSpan
    /// Whether it is the last child of its parent, and so for each of its ancestors, the oldest first.
    var isLast: [Bool]
  }

  let traceID: TraceID
  /// The spans from the first root down, each before its children, children by their beginning.
  let nodes: [Node]

  /// The traces in the order in which the batch names them.
  static func trees(of spans: [PlainSpan]) -> [TraceTree] {
    var order: [TraceID] = []
    var traces: [TraceID: [PlainSpan]] = [:]
    for span in spans {
      if traces[span.traceID] == nil { order.append(span.traceID) }
      traces[span.traceID, default: []].append(span)
    }
    return order.map { TraceTree(traceID: $0, nodes: nodes(traces[$0] ?? [])) }
  }

  private static func nodes(_ unordered: [PlainSpan]) -> [Node] {
    let spans = unordered.sorted { $0.startTimeUnixNano < $1.startTimeUnixNano }
    var indices: [SpanID: Int] = [:]
    for (index, span) in spans.enumerated().reversed() { indices[span.spanID] = index }
    var children: [Int: [Int]] = [:]
    var roots: [Int] = []
    for (index, span) in spans.enumerated() {
      if let parent = span.parentSpanID.flatMap({ indices[$0] }), parent != index {
        children[parent, default: []].append(index)
      } else {
        roots.append(index)
      }
    }
    var nodes: [Node] = []
    var isPlaced = [Bool](repeating: false, count: spans.count)
    func place(_ roots: [Int]) {
      var waiting = stack(roots, below: [])
      while let (index, isLast) = waiting.popLast() {
        if isPlaced[index] { continue }
        isPlaced[index] = true
        nodes.append(Node(span: spans[index], isLast: isLast))
        waiting += stack(children[index] ?? [], below: isLast)
      }
    }
    place(roots)
    // Spans that are each other's ancestors hang on no root.
    for index in spans.indices where !isPlaced[index] { place([index]) }
    return nodes
  }

  /// Siblings in the order of a stack.
  private static func stack(_ siblings: [Int], below: [Bool]) -> [(Int, [Bool])] {
    // Beyond this the tree says no more, and its lines would grow with the square of its depth.
    let below = below.count < 24 ? below : Array(below.suffix(23))
    return siblings.enumerated().reversed().map { ($1, below + [$0 == siblings.count - 1]) }
  }
}
