/// Where OTLP requests come in: everything is checked once, and nothing behind it has to doubt the bytes.
///
/// - Malformed structure, wrong id lengths and nesting deeper than 64 are refused; the neighbours of what is refused
///   are not lost.
/// - What protobuf leaves open is made canonical and counted.
/// - Strings that are not UTF-8 get U+FFFD and are counted.
/// - Unknown fields stay.
///
/// A request that is canonical is kept as the bytes it came in; only pieces that are not are written anew.
public struct Door: Sendable {
  /// The most bytes a request may have. Offsets behind the door take 32 bits, and what is written anew, which stands
  /// behind the request's own bytes, can be three times as long: a byte that is no UTF-8 becomes three.
  private static let maximumSize = (1 << 30) - 1

  private let schema = WireSchema.otlp

  /// A door. It keeps nothing, so any number of threads may use one.
  public init() {}

  /// What came in.
  public struct Admission: ~Copyable, Sendable {
    /// The spans that came in, in the order of the request.
    public var batch: SpanBatch
    /// What was refused; empty for a request that is well-formed.
    public var refusals: [DoorRefusal]
    /// What was put right, counted.
    public var notes: DoorNotes

    /// The batch, for those who have read the rest.
    public consuming func takeBatch() -> SpanBatch { batch }
  }

  /// Reads an `ExportTraceServiceRequest` (or `TracesData`, which has the same form).
  public func admit(_ request: [UInt8]) -> Admission {
    if request.count > Self.maximumSize {
      let reason = "a request may have \(Self.maximumSize) bytes, this one has \(request.count); send it in parts"
      let refusal = DoorRefusal(extent: .rest, offset: 0, reason: reason)
      return Admission(batch: SpanBatch(), refusals: [refusal], notes: DoorNotes())
    }
    var visit = Visit(schema: schema, requestLength: request.count)
    request.withUnsafeBufferPointer { run in
      if let base = run.baseAddress { visit.request(base, run.count) }
    }
    var bytes = request
    // Appending nothing would copy the request all the same.
    if !visit.repairs.isEmpty { bytes += visit.repairs }
    visit.notes += visit.canonical.notes
    let batch = SpanBatch(bytes: bytes, resources: visit.resources, scopes: visit.scopes, spans: visit.spans)
    return Admission(batch: batch, refusals: visit.refusals, notes: visit.notes)
  }
}

/// One request on its way through the door.
private struct Visit {
  let schema: WireSchema
  let requestLength: Int
  var canonical: CanonicalForm
  var notes = DoorNotes()
  var refusals: [DoorRefusal] = []
  var resources: [SpanBatch.Container] = []
  var scopes: [SpanBatch.Container] = []
  var spans: [Range<Int>] = []
  /// Pieces in canonical form, which the batch keeps behind the request's own bytes.
  var repairs: [UInt8] = []

  init(schema: WireSchema, requestLength: Int) {
    self.schema = schema
    self.requestLength = requestLength
    self.canonical = CanonicalForm(schema: schema)
  }

  mutating func request(_ base: UnsafePointer<UInt8>, _ length: Int) {
    let check = StructureCheck(base: base, schema: schema)
    var cursor = WireCursor(base, 0..<length)
    do {
      while let field = try check.next(&cursor) {
        if field.type == .startGroup || field.type == .endGroup {
          try check.skipGroup(field, &cursor)
          notes.groups += 1
        } else if field.number == FieldNumber.Request.resourceSpans, field.type == .lengthDelimited {
          resourceSpans(check, field.payload..<field.end)
        } else {
          notes.unknownRequestFields += 1
        }
      }
    } catch {
      refusals.append(DoorRefusal(extent: .rest, offset: error.offset, reason: error.reason))
    }
  }

  private mutating func resourceSpans(_ check: StructureCheck, _ range: Range<Int>) {
    let before = mark
    do {
      let own = try container(.resourceSpans, check, range) { $0.scopeSpans(check, $1) }
      resources.append(
        SpanBatch.Container(prefix: own.prefix, suffix: own.suffix, children: before.scopes..<scopes.count))
    } catch {
      refuse(since: before, error)
    }
  }

  private mutating func scopeSpans(_ check: StructureCheck, _ range: Range<Int>) {
    let before = mark
    do {
      let own = try container(.scopeSpans, check, range) { $0.span(check, $1) }
      scopes.append(SpanBatch.Container(prefix: own.prefix, suffix: own.suffix, children: before.spans..<spans.count))
    } catch {
      refuse(since: before, error)
    }
  }

  /// How much had been taken in when a container began.
  private struct Mark {
    var scopes: Int
    var spans: Int
    var repairs: Int
    var notes: DoorNotes
    var canonicalNotes: DoorNotes
  }

  private var mark: Mark {
    Mark(
      scopes: scopes.count, spans: spans.count, repairs: repairs.count, notes: notes, canonicalNotes: canonical.notes)
  }

  /// Gives back what was taken in of a container that turned out to be malformed; its neighbours stay.
  private mutating func refuse(since before: Mark, _ fault: StructureCheck.Fault) {
    scopes.removeSubrange(before.scopes...)
    spans.removeSubrange(before.spans...)
    repairs.removeSubrange(before.repairs...)
    notes = before.notes
    canonical.notes = before.canonicalNotes
    refusals.append(DoorRefusal(extent: .container, offset: fault.offset, reason: fault.reason))
  }

  private mutating func span(_ check: StructureCheck, _ range: Range<Int>) {
    do {
      if try check.isCanonical(.span, range) {
        spans.append(range)
      } else {
        let bytes = Array(UnsafeBufferPointer(start: check.base + range.lowerBound, count: range.count))
        spans.append(repair(canonical.rewrite(.span, bytes)))
      }
    } catch {
      refusals.append(DoorRefusal(extent: .span, offset: error.offset, reason: error.reason))
    }
  }

  /// Reads a container, handing each child to `child`; returns where its own fields stand.
  private mutating func container(
    _ message: WireMessage, _ check: StructureCheck, _ range: Range<Int>,
    child: (inout Visit, Range<Int>) -> Void
  ) throws(StructureCheck.Fault) -> (prefix: Range<Int>, suffix: Range<Int>) {
    // `scope_spans` and `spans` are both field 2.
    let childNumber = FieldNumber.ResourceSpans.scopeSpans
    var prefix = range.lowerBound..<range.lowerBound
    var suffix = range.upperBound..<range.upperBound
    var ownFields: [Range<Int>] = []
    var sawChild = false
    var isCanonical = true
    var isInterleaved = false
    var seen: UInt32 = 0
    var cursor = WireCursor(check.base, range)
    while let field = try check.next(&cursor) {
      if field.type == .startGroup || field.type == .endGroup {
        try check.skipGroup(field, &cursor)
        ownFields.append(field.start..<cursor.position)
        isCanonical = false
        continue
      }
      if field.number == childNumber, field.type == .lengthDelimited {
        if !suffix.isEmpty { isInterleaved = true }
        sawChild = true
        child(&self, field.payload..<field.end)
        continue
      }
      ownFields.append(field.start..<field.end)
      if sawChild {
        suffix = suffix.isEmpty ? field.start..<field.end : suffix.lowerBound..<field.end
      } else {
        prefix = prefix.lowerBound..<field.end
      }
      let rule = schema.rule(message, field.number)
      guard rule.kind != .unknown, field.type == rule.kind.wireType else { continue }
      if seen & (1 << field.number) != 0 { isCanonical = false }
      seen |= 1 << field.number
      let content = field.payload..<field.end
      if rule.kind == .message, try !check.isCanonical(rule.message, content) { isCanonical = false }
      if rule.kind == .string, !UTF8Text.isValid(check.base + content.lowerBound, content.count) { isCanonical = false }
    }
    if isCanonical, !isInterleaved { return (prefix, suffix) }
    if isInterleaved { notes.reorderedContainers += 1 }
    let gathered = ownFields.flatMap { UnsafeBufferPointer(start: check.base + $0.lowerBound, count: $0.count) }
    return (repair(canonical.rewrite(message, gathered)), suffix.upperBound..<suffix.upperBound)
  }

  /// Keeps a piece in canonical form; its place is counted from the batch's first byte.
  private mutating func repair(_ piece: [UInt8]) -> Range<Int> {
    let start = requestLength + repairs.count
    repairs += piece
    return start..<start + piece.count
  }
}
