internal import ProcessorHost

/// Brings what is held into a workspace, where stages see it.
final class TraceReader {
  /// A pair of a resource and a scope.
  private struct Pair: Hashable {
    var resource: UInt32
    var scope: UInt32
  }

  /// The resource and scope of each span read last, for each of which one use was counted.
  @exclusivity(unchecked) private(set) var uses: [UInt32] = []
  @exclusivity(unchecked) private var containers: [Pair: Int] = [:]
  @exclusivity(unchecked) private var placed: [UInt32: (prefix: Range<Int>, suffix: Range<Int>)] = [:]
  @exclusivity(unchecked) private var spans: [(content: Range<Int>, pair: Pair)] = []

  /// The records of a trace: the numbers of resource and scope and the span's length as varints, then its content.
  func read(
    _ stream: BlockArena.Stream, of id: TraceID, _ cause: TraceCause, _ arena: BlockArena, _ headers: HeaderTable,
    into trace: TraceWorkspace
  ) {
    trace.begin(id, cause)
    let bytes = trace.bytes
    bytes.reserve(stream.count)
    arena.read(stream) { bytes.append($0, $1) }
    locateSpans(bytes)
    uses.removeAll(keepingCapacity: true)
    containers.removeAll(keepingCapacity: true)
    placed.removeAll(keepingCapacity: true)
    var last: (pair: Pair, index: Int)?
    for (content, pair) in spans {
      uses.append(pair.resource)
      uses.append(pair.scope)
      let index = last?.pair == pair ? last?.index : containers[pair]
      let container = index ?? add(pair, headers, to: trace)
      last = (pair, container)
      trace.addSpan(content, in: container)
    }
  }

  /// A span that is alone, from the batch that it came in.
  func read(
    _ span: TraceArrival.Span, in container: TraceWorkspace.Container, _ base: UnsafePointer<UInt8>,
    into trace: TraceWorkspace
  ) {
    trace.begin(span.id, .complete)
    let place = { (range: Range<Int>) in
      let start = trace.bytes.count
      trace.bytes.append(base + range.lowerBound, range.count)
      return start..<trace.bytes.count
    }
    let content = place(span.content)
    trace.add(
      TraceWorkspace.Container(
        resourcePrefix: place(container.resourcePrefix), resourceSuffix: place(container.resourceSuffix),
        scopePrefix: place(container.scopePrefix), scopeSuffix: place(container.scopeSuffix)))
    trace.addSpan(content, in: 0)
  }

  private func locateSpans(_ bytes: WireBuffer) {
    spans.removeAll(keepingCapacity: true)
    var cursor = WireCursor(UnsafePointer(bytes.base), 0..<bytes.count)
    while !cursor.isAtEnd, let resource = try? cursor.varint(), let scope = try? cursor.varint(),
      let length = try? cursor.varint()
    {
      let end = cursor.position + Int(length)
      spans.append((cursor.position..<end, Pair(resource: UInt32(resource), scope: UInt32(scope))))
      cursor.position = end
    }
  }

  private func add(_ pair: Pair, _ headers: HeaderTable, to trace: TraceWorkspace) -> Int {
    let resource = place(pair.resource, headers, trace.bytes)
    let scope = place(pair.scope, headers, trace.bytes)
    let index = trace.containers.count
    trace.add(
      TraceWorkspace.Container(
        resourcePrefix: resource.prefix, resourceSuffix: resource.suffix, scopePrefix: scope.prefix,
        scopeSuffix: scope.suffix))
    containers[pair] = index
    return index
  }

  private func place(
    _ number: UInt32, _ headers: HeaderTable, _ bytes: WireBuffer
  ) -> (prefix: Range<Int>, suffix: Range<Int>) {
    if let known = placed[number] { return known }
    let fields = headers.fields(number)
    let start = bytes.count
    bytes.append(fields.bytes)
    let ranges = (prefix: start..<start + fields.prefix, suffix: start + fields.prefix..<bytes.count)
    placed[number] = ranges
    return ranges
  }
}
