/// The batch under construction: survivors are copied here, so that one kept span never pins a request's body.
struct BatchAssembly {
  private let bytes = WireBuffer(capacity: 256 * 1024)
  private var resources: [SpanBatch.Container] = []
  private var scopes: [SpanBatch.Container] = []
  private var spans: [Range<Int>] = []
  private var firstScope = 0
  private var firstSpan = 0

  var openSpans: Int { spans.count - firstSpan }

  mutating func beginResource() { firstScope = scopes.count }

  mutating func beginScope() { firstSpan = spans.count }

  /// Adds a span whose content `write` appends.
  mutating func addSpan(_ write: (WireBuffer) -> Void) {
    let start = bytes.count
    write(bytes)
    spans.append(start..<bytes.count)
  }

  /// Closes the scope with its own fields. A scope that lost all the spans it had goes.
  mutating func endScope(prefix: Header, suffix: Header, hadSpans: Bool) {
    if hadSpans, openSpans == 0 { return }
    scopes.append(
      SpanBatch.Container(prefix: keep(prefix), suffix: keep(suffix), children: firstSpan..<spans.count))
  }

  /// Closes the resource with its own fields. A resource that lost all the scopes it had goes.
  mutating func endResource(prefix: Header, suffix: Header, hadScopes: Bool) {
    if hadScopes, scopes.count == firstScope { return }
    resources.append(
      SpanBatch.Container(prefix: keep(prefix), suffix: keep(suffix), children: firstScope..<scopes.count))
  }

  /// The finished batch; the assembly is empty afterwards and keeps its memory.
  mutating func finish() -> SpanBatch {
    let batch = SpanBatch(bytes: Array(bytes.bytes), resources: resources, scopes: scopes, spans: spans)
    bytes.truncate(to: 0)
    resources.removeAll(keepingCapacity: true)
    scopes.removeAll(keepingCapacity: true)
    spans.removeAll(keepingCapacity: true)
    return batch
  }

  /// The own fields of a container: as they came, or written anew.
  enum Header {
    case original(UnsafePointer<UInt8>, Range<Int>)
    case rewritten([UInt8])
  }

  private func keep(_ header: Header) -> Range<Int> {
    let start = bytes.count
    switch header {
    case .original(let base, let range): bytes.append(base + range.lowerBound, range.count)
    case .rewritten(let replacement): bytes.append(replacement)
    }
    return start..<bytes.count
  }
}
