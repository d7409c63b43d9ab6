/// What leaves of decided traces, gathered into a batch: resources and scopes that several traces share stand once.
struct TraceAssembly {
  /// The own fields of a resource or a scope, as they are told apart.
  private struct Key: Hashable {
    /// The resource that a scope belongs to; nil for a resource.
    var parent: Int?
    /// How many of `bytes` stand before the children.
    var prefix: Int
    var bytes: [UInt8]
  }

  private struct Header {
    var resource: Int
    var prefix: Range<Int>
    var suffix: Range<Int>
  }

  private let bytes = WireBuffer(capacity: 256 * 1024)
  private var known: [Key: Int] = [:]
  private var resources: [Header] = []
  private var scopes: [Header] = []
  private var spans: [(scope: Int, content: Range<Int>)] = []

  var count: Int { spans.count }
  var size: Int { bytes.count }

  /// The scope of these own fields, made where it is new.
  mutating func scope(_ container: TraceWorkspace.Container, _ base: UnsafePointer<UInt8>) -> Int {
    let resource = index(of: base, container.resourcePrefix, container.resourceSuffix, nil)
    return index(of: base, container.scopePrefix, container.scopeSuffix, resource)
  }

  /// - Parameter parent: the resource that a scope belongs to; nil for a resource.
  private mutating func index(
    of base: UnsafePointer<UInt8>, _ prefix: Range<Int>, _ suffix: Range<Int>, _ parent: Int?
  ) -> Int {
    var content = Array(UnsafeBufferPointer(start: base + prefix.lowerBound, count: prefix.count))
    content += UnsafeBufferPointer(start: base + suffix.lowerBound, count: suffix.count)
    let key = Key(parent: parent, prefix: prefix.count, bytes: content)
    if let index = known[key] { return index }
    let start = bytes.count
    bytes.append(content)
    let header = Header(
      resource: parent ?? 0, prefix: start..<start + prefix.count, suffix: start + prefix.count..<bytes.count)
    let index = parent == nil ? resources.count : scopes.count
    if parent == nil { resources.append(header) } else { scopes.append(header) }
    known[key] = index
    return index
  }

  /// Adds a span whose content `write` appends.
  mutating func addSpan(in scope: Int, _ write: (WireBuffer) -> Void) {
    let start = bytes.count
    write(bytes)
    spans.append((scope, start..<bytes.count))
  }

  /// The batch; the assembly is empty afterwards and keeps its memory.
  mutating func finish() -> SpanBatch {
    let order = scopes.indices.sorted { (scopes[$0].resource, $0) < (scopes[$1].resource, $1) }
    var ends = [Int](repeating: 0, count: scopes.count)
    for span in spans { ends[span.scope] += 1 }
    var containers: [SpanBatch.Container] = []
    var outer: [SpanBatch.Container] = []
    var next = 0
    for scope in order {
      let header = scopes[scope]
      let count = ends[scope]
      ends[scope] = next
      containers.append(
        SpanBatch.Container(prefix: header.prefix, suffix: header.suffix, children: next..<next + count))
      next += count
      if let last = outer.last, header.resource == outer.count - 1 {
        outer[outer.count - 1].children = last.children.lowerBound..<containers.count
      } else {
        let resource = resources[header.resource]
        outer.append(
          SpanBatch.Container(
            prefix: resource.prefix, suffix: resource.suffix, children: containers.count - 1..<containers.count))
      }
    }
    var contents = [Range<Int>](repeating: 0..<0, count: spans.count)
    for span in spans {
      contents[ends[span.scope]] = span.content
      ends[span.scope] += 1
    }
    let batch = SpanBatch(bytes: Array(bytes.bytes), resources: outer, scopes: containers, spans: contents)
    bytes.truncate(to: 0)
    known.removeAll(keepingCapacity: true)
    resources.removeAll(keepingCapacity: true)
    scopes.removeAll(keepingCapacity: true)
    spans.removeAll(keepingCapacity: true)
    return batch
  }
}
