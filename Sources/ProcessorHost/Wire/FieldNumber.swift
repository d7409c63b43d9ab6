/// Field numbers of the OTLP messages that code names one by one; `WireSchema` has them all.
///
/// Computed, so that they are constants in other modules too.
@usableFromInline package enum FieldNumber {
  @usableFromInline package enum Request {
    @inlinable package static var resourceSpans: UInt32 { 1 }
  }
  @usableFromInline package enum ResourceSpans {
    @inlinable package static var resource: UInt32 { 1 }
    @inlinable package static var scopeSpans: UInt32 { 2 }
    @inlinable package static var schemaURL: UInt32 { 3 }
  }
  @usableFromInline package enum Resource {
    @inlinable package static var attributes: UInt32 { 1 }
  }
  @usableFromInline package enum ScopeSpans {
    @inlinable package static var scope: UInt32 { 1 }
    @inlinable package static var spans: UInt32 { 2 }
    @inlinable package static var schemaURL: UInt32 { 3 }
  }
  @usableFromInline package enum Scope {
    @inlinable package static var name: UInt32 { 1 }
    @inlinable package static var version: UInt32 { 2 }
    @inlinable package static var attributes: UInt32 { 3 }
  }
  @usableFromInline package enum Span {
    @inlinable package static var traceID: UInt32 { 1 }
    @inlinable package static var spanID: UInt32 { 2 }
    @inlinable package static var traceState: UInt32 { 3 }
    @inlinable package static var parentSpanID: UInt32 { 4 }
    @inlinable package static var name: UInt32 { 5 }
    @inlinable package static var kind: UInt32 { 6 }
    @inlinable package static var startTime: UInt32 { 7 }
    @inlinable package static var endTime: UInt32 { 8 }
    @inlinable package static var attributes: UInt32 { 9 }
    @inlinable package static var droppedAttributesCount: UInt32 { 10 }
    @inlinable package static var events: UInt32 { 11 }
    @inlinable package static var droppedEventsCount: UInt32 { 12 }
    @inlinable package static var links: UInt32 { 13 }
    @inlinable package static var droppedLinksCount: UInt32 { 14 }
    @inlinable package static var status: UInt32 { 15 }
    @inlinable package static var flags: UInt32 { 16 }
  }
  @usableFromInline package enum Event {
    @inlinable package static var time: UInt32 { 1 }
    @inlinable package static var name: UInt32 { 2 }
    @inlinable package static var attributes: UInt32 { 3 }
    @inlinable package static var droppedAttributesCount: UInt32 { 4 }
  }
  @usableFromInline package enum Link {
    @inlinable package static var traceID: UInt32 { 1 }
    @inlinable package static var spanID: UInt32 { 2 }
    @inlinable package static var traceState: UInt32 { 3 }
    @inlinable package static var attributes: UInt32 { 4 }
    @inlinable package static var droppedAttributesCount: UInt32 { 5 }
    @inlinable package static var flags: UInt32 { 6 }
  }
  @usableFromInline package enum Status {
    @inlinable package static var message: UInt32 { 2 }
    @inlinable package static var code: UInt32 { 3 }
  }
  @usableFromInline package enum KeyValue {
    @inlinable package static var key: UInt32 { 1 }
    @inlinable package static var value: UInt32 { 2 }
  }
  @usableFromInline package enum AnyValue {
    @inlinable package static var string: UInt32 { 1 }
    @inlinable package static var bool: UInt32 { 2 }
    @inlinable package static var int: UInt32 { 3 }
    @inlinable package static var double: UInt32 { 4 }
    @inlinable package static var array: UInt32 { 5 }
    @inlinable package static var keyValueList: UInt32 { 6 }
    @inlinable package static var bytes: UInt32 { 7 }
  }
  @usableFromInline package enum List {
    /// `ArrayValue.values` and `KeyValueList.values`.
    @inlinable package static var values: UInt32 { 1 }
  }
}
