/// Brings the survivors of a batch to the shards that hold their traces: each trace has one.
package struct TraceRouting: Sendable {
  let shards: Int
  let endsWithLocalRoot: Bool

  package init(shards: Int = 1, endsWithLocalRoot: Bool = false) {
    self.shards = shards
    self.endsWithLocalRoot = endsWithLocalRoot
  }

  /// The spans of a batch, by shard.
  package func arrivals(of batch: consuming SpanBatch, _ ruleSet: RuleSetNumber) -> [TraceArrival] {
    let parts = batch.takeParts()
    if parts.spans.isEmpty { return [] }
    var spans = [[TraceArrival.Span]](repeating: [], count: shards)
    for shard in spans.indices { spans[shard].reserveCapacity(parts.spans.count / shards + 8) }
    parts.bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return }
      for (resource, container) in parts.resources.enumerated() {
        for scope in container.children {
          for index in parts.scopes[scope].children {
            let found = look(at: base, parts.spans[index])
            spans[shard(of: found.id)].append(
              TraceArrival.Span(
                id: found.id, content: parts.spans[index], resource: Int32(truncatingIfNeeded: resource),
                scope: Int32(truncatingIfNeeded: scope), isRoot: found.isRoot))
          }
        }
      }
    }
    return spans.map { TraceArrival(batch: parts, spans: $0, ruleSet: ruleSet) }
  }

  /// Ids are random where clients do as they are told; where they do not, spreading them costs little.
  private func shard(of id: TraceID) -> Int {
    if shards == 1 { return 0 }
    let mixed = (id.low ^ id.high) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: mixed >> 33) % shards
  }

  /// The trace that a span belongs to, and whether it is the root.
  private func look(at base: UnsafePointer<UInt8>, _ content: Range<Int>) -> (id: TraceID, isRoot: Bool) {
    var id = TraceID(high: 0, low: 0)
    var hasID = false
    var hasParent = false
    var isRemote = false
    var cursor = WireCursor(base, content)
    while let field = cursor.nextChecked() {
      switch (field.number, field.type) {
      case (FieldNumber.Span.traceID, .lengthDelimited):
        guard field.end - field.payload == 16 else { continue }
        let bytes = UnsafeRawPointer(base + field.payload)
        id = TraceID(
          high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
          low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        hasID = true
      case (FieldNumber.Span.parentSpanID, .lengthDelimited):
        hasParent = (field.payload..<field.end).contains { base[$0] != 0 }
      case (FieldNumber.Span.flags, .fixed32):
        isRemote = TraceWorkspace.Span.hasRemoteParent(UInt32(truncatingIfNeeded: field.value))
      default: break
      }
      // Flags stand last; where they do not matter, nothing more has to be read.
      if hasID, hasParent, !endsWithLocalRoot { return (id, false) }
    }
    return (id, !hasParent || (endsWithLocalRoot && isRemote))
  }
}
