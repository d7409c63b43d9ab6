/// Who called whom in a trace, and what that says of its time.
///
/// Whatever spans say of parents and times, each span is the child of one span at most, and the root of none. So what hangs
/// on the root is a tree, in which one that came twice has its children once; spans in a circle and those whose parent is missing hang on nothing. Making it, and each
/// question, takes no longer than sorting the spans.
package struct TraceStructure {
  private let spans: [TraceWorkspace.Span]
  private let root: Int?
  /// By the index of a span: where its children begin in `children`; one more for the end.
  private var starts: [Int]
  private var children: [Int]
  /// By the index of a span: the first with the same id, whose children are its own too.
  private var first: [Int]

  package init(_ trace: TraceWorkspace) {
    let spans = trace.spans
    self.spans = spans
    root = trace.root
    var known: [UInt64: Int] = [:]
    known.reserveCapacity(spans.count)
    // One with a parent that has the root's id is not the root.
    if let root { known[spans[root].id] = root }
    first = spans.indices.map { index in
      if let same = known[spans[index].id] { return same }
      known[spans[index].id] = index
      return index
    }
    let first = first
    let parents = spans.indices.map { index -> Int? in
      let span = spans[index]
      if span.parent == 0 { return nil }
      guard let parent = known[span.parent], parent != first[index] else { return nil }
      return parent
    }
    starts = [Int](repeating: 0, count: spans.count + 1)
    for case let parent? in parents { starts[parent + 1] += 1 }
    for index in spans.indices { starts[index + 1] += starts[index] }
    var next = starts
    children = [Int](repeating: 0, count: starts[spans.count])
    for (index, parent) in parents.enumerated() {
      guard let parent else { continue }
      children[next[parent]] = index
      next[parent] += 1
    }
  }

  /// The children that hang on a span in the tree: where several have the same id, on the first alone.
  private func children(of index: Int) -> ArraySlice<Int> { children[starts[index]..<starts[index + 1]] }

  package func childCount(of index: Int) -> Int { children(of: first[index]).count }

  /// The time of a span in which none of its children runs, in nanoseconds. Children count as far as they lie within it.
  package func selfTime(of index: Int) -> UInt64 {
    let span = spans[index]
    guard span.endTime > span.startTime else { return 0 }
    let parts = children(of: first[index]).map { child in
      (max(spans[child].startTime, span.startTime), min(spans[child].endTime, span.endTime))
    }
    var left = span.endTime - span.startTime
    var covered = span.startTime
    for (start, end) in parts.filter({ $0.0 < $0.1 }).sorted(by: { $0.0 < $1.0 }) where end > covered {
      left -= end - max(start, covered)
      covered = end
    }
    return left
  }

  /// The spans that the trace waited for, one after the other, each behind the one that called it: from the root on, the
  /// child that ended last, before it the one that had ended last when that began, and so on.
  ///
  /// A span counts as ended when all that it called has ended: what goes through a queue runs on when its caller is done.
  /// Empty where the root is missing.
  package func criticalPath() -> [Int] {
    guard let root else { return [] }
    var order = [root]
    var place = 0
    while place < order.count {
      order += children(of: order[place])
      place += 1
    }
    var ends = spans.map(\.endTime)
    for index in order.reversed() {
      for child in children(of: index) { ends[index] = max(ends[index], ends[child]) }
    }
    var path: [Int] = []
    var open = [root]
    while let index = open.popLast() {
      path.append(index)
      var rest = ends[index]
      let byEnd = children(of: index).sorted { (ends[$0], spans[$1].startTime) > (ends[$1], spans[$0].startTime) }
      // The earliest lies on top at the end, and comes first.
      for child in byEnd where ends[child] <= rest && spans[child].startTime < ends[child] {
        guard rest > spans[index].startTime, ends[child] > spans[index].startTime else { break }
        open.append(child)
        rest = spans[child].startTime
      }
    }
    return path
  }
}
