extension TracePipeline {
  /// Decides the traces of a batch with the spans that they have in it: for tools and tests, where a batch is all there
  /// is. What is kept comes back.
  func decide(tracesOf batch: borrowing SpanBatch) -> SpanBatch {
    var order: [TraceID] = []
    var members: [TraceID: [(span: Int, resource: Int, scope: Int)]] = [:]
    let (bytes, resources, scopes, spans) = (batch.bytes, batch.resources, batch.scopes, batch.spans)
    bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      let reader = SpanWorkspace()
      for (resource, container) in resources.enumerated() {
        for scope in container.children {
          for index in scopes[scope].children {
            reader.begin(base, spans[index])
            let id = ReadWriteSpan(reader).traceID
            if members[id] == nil { order.append(id) }
            members[id, default: []].append((index, resource, scope))
          }
        }
      }
      for id in order {
        trace.begin(id, .complete)
        let place = { (range: Range<Int>) in
          let start = self.trace.bytes.count
          self.trace.bytes.append(base + range.lowerBound, range.count)
          return start..<self.trace.bytes.count
        }
        var containers: [Int: Int] = [:]
        for (index, resource, scope) in members[id] ?? [] {
          let container = containers[scope] ?? trace.containers.count
          if containers[scope] == nil {
            containers[scope] = container
            trace.add(
              TraceWorkspace.Container(
                resourcePrefix: place(resources[resource].prefix), resourceSuffix: place(resources[resource].suffix),
                scopePrefix: place(scopes[scope].prefix), scopeSuffix: place(scopes[scope].suffix)))
          }
          trace.addSpan(place(spans[index]), in: container)
        }
        _ = decide(hiddenUnder: number)
      }
    }
    return takeBatch()
  }
}
