/// A finished span that a processor may read and change before it is exported.
///
/// It is a view of the lane's workspace and lives as long as the call it is lent to: it cannot be copied or stored.
/// Reading an attribute decodes that attribute alone; writing records an edit, and what is not touched leaves as the
/// bytes it came in. OTLP: `opentelemetry.proto.trace.v1.Span`.
public struct ReadWriteSpan: ~Copyable {
  package let workspace: SpanWorkspace

  package init(_ workspace: SpanWorkspace) { self.workspace = workspace }

  /// The id of the trace, 16 bytes.
  public var traceID: TraceID {
    let bytes = workspace.identifier(FieldNumber.Span.traceID)
    return TraceID(high: WireBytes.bigEndian(bytes.prefix(8)), low: WireBytes.bigEndian(bytes.dropFirst(8)))
  }

  /// The id of the span, 8 bytes.
  public var spanID: SpanID { SpanID(WireBytes.bigEndian(workspace.identifier(FieldNumber.Span.spanID))) }

  /// The parent's id, or nil for a root span.
  public var parentSpanID: SpanID? {
    let value = WireBytes.bigEndian(workspace.identifier(FieldNumber.Span.parentSpanID))
    return value == 0 ? nil : SpanID(value)
  }

  /// The W3C trace state; empty where there is none. The host alone writes its `ot=` member.
  public var traceState: String { String(decoding: workspace.text(FieldNumber.Span.traceState), as: UTF8.self) }

  /// The span's name.
  public var name: String {
    get { String(decoding: workspace.text(FieldNumber.Span.name), as: UTF8.self) }
    nonmutating set { workspace.setText(FieldNumber.Span.name, newValue.utf8) }
  }

  /// The kind; `unspecified` for a number that OTLP does not define.
  public var kind: SpanKind { SpanKind(rawValue: Int(truncatingIfNeeded: workspace.kind)) ?? .unspecified }

  /// Nanoseconds since the Unix epoch.
  public var startTimeUnixNano: UInt64 { workspace.startTime }

  /// Nanoseconds since the Unix epoch.
  public var endTimeUnixNano: UInt64 { workspace.endTime }

  /// End minus start, in nanoseconds; zero where the clock went backwards.
  public var durationNanoseconds: UInt64 {
    workspace.endTime > workspace.startTime ? workspace.endTime - workspace.startTime : 0
  }

  /// The W3C trace flags and OTLP's bits above them.
  public var flags: UInt32 { UInt32(truncatingIfNeeded: workspace.flags) }

  /// The status code; `unset` for a number that OTLP does not define. Setting it keeps the message.
  public var statusCode: StatusCode {
    get { StatusCode(rawValue: Int(truncatingIfNeeded: workspace.status.code)) ?? .unset }
    nonmutating set { workspace.setStatus(code: UInt64(newValue.rawValue), message: Array(workspace.status.message)) }
  }

  /// The status message; empty where there is none. Setting it keeps the code.
  public var statusMessage: String {
    get { String(decoding: workspace.status.message, as: UTF8.self) }
    nonmutating set { workspace.setStatus(code: workspace.status.code, message: Array(newValue.utf8)) }
  }

  /// An attribute by its key. Where a key stands several times, reading gives the first, writing leaves one, and
  /// setting nil removes all.
  public subscript(attribute key: String) -> AttributeValue? {
    get {
      var key = key
      return key.withUTF8 { run in
        guard let start = run.baseAddress ?? Self.noBytes, let index = workspace.attribute(start, run.count) else {
          return nil
        }
        let slot = workspace.slots[index]
        return AttributeValue(workspace.bytes(of: slot), slot.value)
      }
    }
    nonmutating set {
      var key = key
      key.withUTF8 { run in
        guard let start = run.baseAddress ?? Self.noBytes else { return }
        guard let newValue else { return workspace.removeAttributes(start, run.count) }
        let value = WireBuffer()
        newValue.encode(into: value)
        workspace.setAttribute(start, run.count, UnsafePointer(value.base), value.count)
      }
    }
  }

  /// All attributes in the order they stand in.
  public var attributes: [AttributeValue.Entry] {
    workspace.slots.filter(\.isAttribute).map { slot in
      let bytes = workspace.bytes(of: slot)
      return AttributeValue.Entry(String(wire: bytes, slot.key), AttributeValue(bytes, slot.value))
    }
  }

  /// How many attributes, events and links were dropped before the span came here.
  public var droppedCounts: (attributes: UInt32, events: UInt32, links: UInt32) {
    (
      workspace.number(FieldNumber.Span.droppedAttributesCount), workspace.number(FieldNumber.Span.droppedEventsCount),
      workspace.number(FieldNumber.Span.droppedLinksCount)
    )
  }

  /// Keeps the span: a later `sample` does not reach it. A drop does.
  /// - Parameter reason: a constant name by which the ledger counts.
  public func keep(_ reason: SpanReason) { workspace.verdict.keep(reason) }

  /// Keeps a share of spans, decided by trace id, the same for all spans of a trace.
  /// - Parameters:
  ///   - ratio: 0 to 1. Of several ratios the lowest counts.
  ///   - reason: a constant name by which the ledger counts.
  public func sample(_ ratio: Double, _ reason: SpanReason) { workspace.verdict.sample(ratio, reason) }

  /// Drops the span, whatever else is said.
  /// - Parameter reason: a constant name by which the ledger counts.
  public func drop(_ reason: SpanReason) { workspace.verdict.drop(reason) }

  /// Stands for the address of an empty key.
  private static var noBytes: UnsafePointer<UInt8>? { UnsafePointer(bitPattern: 1) }
}

extension SpanWorkspace {
  /// A singular varint field; zero where the span has none.
  package func number(_ number: UInt32) -> UInt32 {
    guard let index = firstSlot(number, .varint) else { return 0 }
    let slot = slots[index]
    var cursor = WireCursor(bytes(of: slot), Int(slot.start)..<Int(slot.end))
    return UInt32(truncatingIfNeeded: cursor.nextChecked()?.value ?? 0)
  }
}
