extension TraceWorkspace {
  /// The indices of the spans, those of each container together.
  var orderByContainer: [Int] {
    var members = [[Int]](repeating: [], count: containers.count)
    for (index, span) in spans.enumerated() { members[span.container].append(index) }
    return members.flatMap(\.self)
  }

  /// The spans as a batch.
  /// - Parameter order: `orderByContainer`.
  func makeBatch(_ order: [Int]) -> SpanBatch {
    var counts = [Int](repeating: 0, count: containers.count)
    for span in spans { counts[span.container] += 1 }
    var scopes: [SpanBatch.Container] = []
    var resources: [SpanBatch.Container] = []
    var next = 0
    for (container, count) in zip(containers, counts) {
      scopes.append(
        SpanBatch.Container(
          prefix: container.scopePrefix, suffix: container.scopeSuffix, children: next..<next + count))
      resources.append(
        SpanBatch.Container(
          prefix: container.resourcePrefix, suffix: container.resourceSuffix, children: scopes.count - 1..<scopes.count)
      )
      next += count
    }
    return SpanBatch(
      bytes: Array(bytes.bytes), resources: resources, scopes: scopes, spans: order.map { spans[$0].content })
  }

  /// Puts the spans of a batch in the place of those that `makeBatch` made it of.
  func replace(with batch: borrowing SpanBatch, _ order: [Int]) {
    var contents = [(content: Range<Int>, container: Int)](repeating: (0..<0, 0), count: order.count)
    begin(id, cause)
    bytes.append(batch.bytes)
    for resource in batch.resources {
      for scope in batch.scopes[resource.children] {
        for child in scope.children { contents[order[child]] = (batch.spans[child], containers.count) }
        add(Container(resource, scope))
      }
    }
    for span in contents { addSpan(span.content, in: span.container) }
  }
}

extension TraceWorkspace.Container {
  /// The own fields of a scope and its resource in a batch.
  package init(_ resource: SpanBatch.Container, _ scope: SpanBatch.Container) {
    self.init(
      resourcePrefix: resource.prefix, resourceSuffix: resource.suffix, scopePrefix: scope.prefix,
      scopeSuffix: scope.suffix)
  }
}
