/// The one trace that a shard decides: the bytes of its spans as they are after hiding, what stages ask of a trace, and
/// the edits they make.
///
/// A shard has one workspace and lends it to each trace in turn. Spans stand in the order in which they came, those that
/// came twice twice. Edits set attributes and nothing else, and are put on the spans when the trace leaves: so to undo a
/// stage that failed is to forget its edits.
///
/// One shard owns it and no method calls out while it changes a property, as with `SpanWorkspace`.
package final class TraceWorkspace {
  /// One span of the trace.
  package struct Span {
    /// Its content in the workspace's bytes.
    package var content: Range<Int>
    /// Which of `containers` it came in.
    package var container: Int
    package var id: UInt64 = 0
    /// Zero where there is none.
    package var parent: UInt64 = 0
    /// Nanoseconds since the Unix epoch, as the span's clock said.
    package var startTime: UInt64 = 0
    package var endTime: UInt64 = 0
    package var flags: UInt32 = 0
    /// Where its trace state stands; empty where it has none.
    package var traceState = 0..<0
    /// Whether its status is an error.
    package var isError = false

    /// OTLP's flags: whether it is known that the parent is in another service, and it is. `SpanFlags`, bits 8 and 9.
    package var hasRemoteParent: Bool { Self.hasRemoteParent(flags) }
    /// Whether it has no parent at all.
    package var isRoot: Bool { parent == 0 }
    /// End minus start; zero where the clock went backwards.
    package var durationNanoseconds: UInt64 { endTime > startTime ? endTime - startTime : 0 }
  }

  /// The own fields of the `ResourceSpans` and the `ScopeSpans` that spans came in, before and behind their children.
  package struct Container {
    package var resourcePrefix: Range<Int>
    package var resourceSuffix: Range<Int>
    package var scopePrefix: Range<Int>
    package var scopeSuffix: Range<Int>
    /// `service.name`, once it was looked for.
    fileprivate var service: Range<Int>?
    fileprivate var isServiceKnown = false
  }

  /// An attribute that a stage has set.
  package struct Edit {
    package var key: [UInt8]
    /// The content of an `AnyValue`.
    package var value: [UInt8]
    /// The span it is for; nil for all of them, and those that come late.
    package var span: Int?
    /// Where there is one, the edit counts only if the trace stays for this reason.
    package var condition: SpanReason?
  }

  /// Memory that is kept from one trace to the next; after a larger one it goes back.
  private static let keptCapacity = 4 << 20

  /// What `spans` and `containers` lie in.
  package let bytes = WireBuffer(capacity: 64 * 1024)
  @exclusivity(unchecked) package private(set) var id = TraceID(high: 0, low: 0)
  @exclusivity(unchecked) package private(set) var cause = TraceCause.complete
  @exclusivity(unchecked) package private(set) var spans: [Span] = []
  @exclusivity(unchecked) package private(set) var containers: [Container] = []
  /// Where the span without a parent stands, the first of several; nil where it has not come.
  @exclusivity(unchecked) package private(set) var root: Int?
  @exclusivity(unchecked) package private(set) var errorCount = 0
  /// The earliest start of a span and the latest end; zero where no span says.
  @exclusivity(unchecked) package private(set) var startTime: UInt64 = 0
  @exclusivity(unchecked) package private(set) var endTime: UInt64 = 0

  /// For reading one span after the other; see `open`.
  package let reader = SpanWorkspace()

  @exclusivity(unchecked) package private(set) var edits: [Edit] = []
  @exclusivity(unchecked) package var verdict = TraceVerdict()

  package init() {}

  package var base: UnsafePointer<UInt8> { UnsafePointer(bytes.base) }

  /// From the earliest start to the latest end.
  package var durationNanoseconds: UInt64 { endTime > startTime ? endTime - startTime : 0 }

  /// Whether the root has come, and what else is there had its time to come.
  package var isComplete: Bool { root != nil && (cause == .complete || cause == .waited) }

  /// Lends a span to a workspace for reading. What is written there stays there.
  package func open(_ index: Int, in workspace: SpanWorkspace) {
    let span = spans[index]
    let container = containers[span.container]
    workspace.begin(base, span.content)
    workspace.resourceHeader = container.resourcePrefix
    workspace.resourceTrailer = container.resourceSuffix
    workspace.scopeHeader = container.scopePrefix
    workspace.scopeTrailer = container.scopeSuffix
  }

  /// The `service.name` of a span's resource; empty where it has none. Valid until the next trace is taken up.
  package func serviceName(of index: Int) -> UnsafeBufferPointer<UInt8> { service(spans[index].container) }

  /// The distinct names of services, in the order in which their spans came.
  package var services: [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for container in containers.indices {
      let name = String(decoding: service(container), as: UTF8.self)
      if !name.isEmpty, seen.insert(name).inserted { names.append(name) }
    }
    return names
  }

  private func service(_ container: Int) -> UnsafeBufferPointer<UInt8> {
    if !containers[container].isServiceKnown {
      containers[container].isServiceKnown = true
      containers[container].service = ServiceName.find(base, in: containers[container])
    }
    let range = containers[container].service ?? 0..<0
    return UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  // MARK: Edits

  /// Sets an attribute, on one span or on all: with the next edit of the same key on the same span the later one counts.
  /// - Parameters:
  ///   - value: the content of an `AnyValue`.
  ///   - condition: the reason for which the trace has to stay for the edit to count.
  package func set(_ key: [UInt8], _ value: [UInt8], on span: Int? = nil, where condition: SpanReason? = nil) {
    edits.append(Edit(key: key, value: value, span: span, condition: condition))
  }

  /// A point to which edits and verdict can be put back.
  package struct Checkpoint {
    fileprivate var edits: Int
    package fileprivate(set) var verdict: TraceVerdict
  }

  package func checkpoint() -> Checkpoint { Checkpoint(edits: edits.count, verdict: verdict) }

  package func rollBack(to point: Checkpoint) {
    edits.removeSubrange(point.edits...)
    verdict = point.verdict
  }

  package func edits(since point: Checkpoint) -> ArraySlice<Edit> { edits[point.edits...] }

  package func editCount(since point: Checkpoint) -> Int { edits.count - point.edits }

  // MARK: Taking up a trace

  /// Takes up a trace. Its containers and spans are then added.
  package func begin(_ id: TraceID, _ cause: TraceCause) {
    self.id = id
    self.cause = cause
    bytes.reset(keeping: Self.keptCapacity)
    spans.removeAll(keepingCapacity: true)
    containers.removeAll(keepingCapacity: true)
    edits.removeAll(keepingCapacity: true)
    verdict = TraceVerdict()
    root = nil
    errorCount = 0
    startTime = 0
    endTime = 0
  }

  /// Adds a container whose fields stand in `bytes` already.
  package func add(_ container: Container) { containers.append(container) }

  /// Adds a span whose content stands in `bytes` already.
  package func addSpan(_ content: Range<Int>, in container: Int) {
    let span = Span(base, content, container)
    if span.isRoot, root == nil { root = spans.count }
    if span.isError { errorCount += 1 }
    // A time of zero is one that nobody has set.
    if span.startTime != 0, startTime == 0 || span.startTime < startTime { startTime = span.startTime }
    endTime = max(endTime, span.endTime)
    spans.append(span)
  }
}

extension TraceWorkspace.Container {
  package init(
    resourcePrefix: Range<Int>, resourceSuffix: Range<Int>, scopePrefix: Range<Int>, scopeSuffix: Range<Int>
  ) {
    self.resourcePrefix = resourcePrefix
    self.resourceSuffix = resourceSuffix
    self.scopePrefix = scopePrefix
    self.scopeSuffix = scopeSuffix
  }
}

extension TraceWorkspace.Span {
  static func hasRemoteParent(_ flags: UInt32) -> Bool { flags & 0x300 == 0x300 }

  /// The span whose content stands at `content`.
  init(_ base: UnsafePointer<UInt8>, _ content: Range<Int>, _ container: Int) {
    self.content = content
    self.container = container
    var cursor = WireCursor(base, content)
    while let field = cursor.nextChecked() {
      switch (field.number, field.type) {
      case (FieldNumber.Span.spanID, .lengthDelimited): id = Self.id(base, field)
      case (FieldNumber.Span.parentSpanID, .lengthDelimited): parent = Self.id(base, field)
      case (FieldNumber.Span.traceState, .lengthDelimited): traceState = field.content
      case (FieldNumber.Span.startTime, .fixed64): startTime = field.value
      case (FieldNumber.Span.endTime, .fixed64): endTime = field.value
      case (FieldNumber.Span.flags, .fixed32): flags = UInt32(truncatingIfNeeded: field.value)
      case (FieldNumber.Span.status, .lengthDelimited): isError = Self.isError(base, field.content)
      default: break
      }
    }
  }

  private static func id(_ base: UnsafePointer<UInt8>, _ field: WireField) -> UInt64 {
    guard field.end - field.payload == 8 else { return 0 }
    return UInt64(bigEndian: UnsafeRawPointer(base + field.payload).loadUnaligned(as: UInt64.self))
  }

  private static func isError(_ base: UnsafePointer<UInt8>, _ status: Range<Int>) -> Bool {
    var cursor = WireCursor(base, status)
    while let field = cursor.nextChecked() {
      if field.number == FieldNumber.Status.code, field.type == .varint {
        return field.enumeration == UInt64(StatusCode.error.rawValue)
      }
    }
    return false
  }
}
