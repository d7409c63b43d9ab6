/// Finished spans as their OTLP bytes, and where each resource, scope and span begins.
///
/// A batch moves from owner to owner and is not shared. What is in it has passed the door: every message is
/// well-formed and canonical, every string is UTF-8, every id has its length.
public struct SpanBatch: ~Copyable, Sendable {
  /// A `ResourceSpans` or `ScopeSpans` without its children: the bytes of its own fields before and behind them.
  package struct Container: Sendable {
    /// Fields before the children, the resource or scope first of all.
    package var prefix: Range<Int>
    /// Fields behind the children: the schema URL.
    package var suffix: Range<Int>
    /// Which children are its own: scopes of a resource, spans of a scope.
    package var children: Range<Int>

    package init(prefix: Range<Int>, suffix: Range<Int>, children: Range<Int>) {
      self.prefix = prefix
      self.suffix = suffix
      self.children = children
    }
  }

  package var bytes: [UInt8]
  package var resources: [Container]
  package var scopes: [Container]
  /// The content of each span: the bytes behind its tag and length.
  package var spans: [Range<Int>]

  package init(
    bytes: [UInt8] = [], resources: [Container] = [], scopes: [Container] = [], spans: [Range<Int>] = []
  ) {
    self.bytes = bytes
    self.resources = resources
    self.scopes = scopes
    self.spans = spans
  }

  /// How many spans the batch holds.
  public var count: Int { spans.count }

  /// Whether the batch holds no span.
  public var isEmpty: Bool { spans.isEmpty }

  /// The batch as an OTLP `ExportTraceServiceRequest`.
  ///
  /// Costs one copy of each span. A batch that no rule changed gives the bytes it was made from.
  public func encoded() -> [UInt8] {
    var output: [UInt8] = []
    encode(into: &output)
    return output
  }

  /// The batch's parts, which are plain values; for carrying a batch where only those can go.
  package struct Parts: Sendable {
    package var bytes: [UInt8]
    package var resources: [Container]
    package var scopes: [Container]
    package var spans: [Range<Int>]
  }

  /// A batch of the parts of one.
  package init(_ parts: Parts) {
    self.init(bytes: parts.bytes, resources: parts.resources, scopes: parts.scopes, spans: parts.spans)
  }

  /// Takes the batch apart.
  package consuming func takeParts() -> Parts {
    Parts(bytes: bytes, resources: resources, scopes: scopes, spans: spans)
  }

  /// Some of the spans, in the scopes and resources they stand in. Nothing is copied but where things begin.
  ///
  /// Scopes and resources without a span are left out, unless all spans are asked for.
  /// - Parameter range: which spans, by their order in the batch; within `0..<count`.
  package func slice(_ range: Range<Int>) -> SpanBatch {
    if range == 0..<count { return SpanBatch(bytes: bytes, resources: resources, scopes: scopes, spans: spans) }
    var keptResources: [Container] = []
    var keptScopes: [Container] = []
    for var resource in resources {
      let first = keptScopes.count
      for var scope in scopes[resource.children] {
        let inside = scope.children.clamped(to: range)
        if inside.isEmpty { continue }
        scope.children = inside.lowerBound - range.lowerBound..<inside.upperBound - range.lowerBound
        keptScopes.append(scope)
      }
      if keptScopes.count == first { continue }
      resource.children = first..<keptScopes.count
      keptResources.append(resource)
    }
    return SpanBatch(bytes: bytes, resources: keptResources, scopes: keptScopes, spans: Array(spans[range]))
  }

  /// Appends the batch as an OTLP `ExportTraceServiceRequest`.
  ///
  /// Requests that follow each other in one run of bytes are one valid request with all their spans.
  public func encode(into output: inout [UInt8]) {
    let spanLengths = spans.map { Self.fieldLength($0.count) }
    let scopeLengths = scopes.map { scope in
      scope.children.reduce(scope.prefix.count + scope.suffix.count) { $0 + spanLengths[$1] }
    }
    let resourceLengths = resources.map { resource in
      resource.children.reduce(resource.prefix.count + resource.suffix.count) { sum, scope in
        sum + Self.fieldLength(scopeLengths[scope])
      }
    }
    output.reserveCapacity(output.count + resourceLengths.reduce(0) { $0 + Self.fieldLength($1) })
    bytes.withUnsafeBufferPointer { bytes in
      let copy = { (range: Range<Int>, output: inout [UInt8]) in
        output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
      }
      for (resource, length) in zip(resources, resourceLengths) {
        output.append(Self.tag(FieldNumber.Request.resourceSpans))
        output.appendVarint(UInt64(length))
        copy(resource.prefix, &output)
        for index in resource.children {
          let scope = scopes[index]
          output.append(Self.tag(FieldNumber.ResourceSpans.scopeSpans))
          output.appendVarint(UInt64(scopeLengths[index]))
          copy(scope.prefix, &output)
          for span in scope.children {
            output.append(Self.tag(FieldNumber.ScopeSpans.spans))
            output.appendVarint(UInt64(spans[span].count))
            copy(spans[span], &output)
          }
          copy(scope.suffix, &output)
        }
        copy(resource.suffix, &output)
      }
    }
  }

  /// A length-delimited field with a one-byte tag.
  private static func fieldLength(_ content: Int) -> Int {
    1 + WireBuffer.varintLength(UInt64(content)) + content
  }

  private static func tag(_ number: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: number << 3) | WireType.lengthDelimited.rawValue
  }
}
